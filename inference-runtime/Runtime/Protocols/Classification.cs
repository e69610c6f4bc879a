using System.Globalization;
using Sluice.Onnx;
using Sluice.Runtime.Http;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols;

/// <summary>
/// The classification extension: of each row of the last dimension, the highest elements as "value:index", with ":label"
/// where the model names its classes.
/// </summary>
internal static class Classification
{
    /// <summary>The texts, row by row, and their shape.</summary>
    public static (long[] Shape, List<string> Texts) Of(Port port, OnnxValue output, int classes)
    {
        var flat = output.Kind == ValueKind.Tensor ? null : FlatTensor.Of(port, output);
        var type = flat?.Type ?? output.ElementType;
        var shape = flat?.Shape ?? output.Shape.ToArray();
        if (shape.Length == 0)
            throw RequestException.Bad($"Output \"{port.Name}\" is a scalar; classification needs a row of scores.");
        var width = shape[^1];
        var rows = width == 0 ? 0 : TensorShape.ElementCount(shape) / width;
        var kept = (int)Math.Min(classes, width);
        var texts = new List<string>();
        for (long row = 0; row < rows; row++)
        {
            var scores = Scores(port, type, flat, output, row * width, (int)width);
            foreach (var index in Enumerable.Range(0, (int)width).OrderByDescending(i => scores[i]).Take(kept))
                texts.Add(Text(scores[index], index, type, flat?.Keys));
        }
        return ([.. shape[..^1], kept], texts);
    }

    private static string Text(double score, int index, ElementType type, IReadOnlyList<string>? keys)
    {
        var value = type == ElementType.Float
            ? ((float)score).ToString(CultureInfo.InvariantCulture)
            : score.ToString(CultureInfo.InvariantCulture);
        return keys is null ? $"{value}:{index}" : $"{value}:{index}:{keys[index]}";
    }

    private static unsafe double[] Scores(
        Port port, ElementType type, FlatTensor? flat, OnnxValue output, long from, int count)
    {
        var scores = new double[count];
        fixed (byte* raw = flat?.Raw)
        {
            var data = flat is null ? output.Data : raw;
            for (var i = 0; i < count; i++)
                scores[i] = Score(port, type, data, from + i);
        }
        return scores;
    }

    private static unsafe double Score(Port port, ElementType type, byte* data, long index) => type switch
    {
        ElementType.Float => ((float*)data)[index],
        ElementType.Double => ((double*)data)[index],
        ElementType.Float16 => (double)((Half*)data)[index],
        ElementType.Int64 => ((long*)data)[index],
        ElementType.Int32 => ((int*)data)[index],
        ElementType.Int16 => ((short*)data)[index],
        ElementType.Int8 => ((sbyte*)data)[index],
        ElementType.UInt64 => ((ulong*)data)[index],
        ElementType.UInt32 => ((uint*)data)[index],
        ElementType.UInt16 => ((ushort*)data)[index],
        ElementType.UInt8 => data[index],
        _ => throw RequestException.Bad($"Output \"{port.Name}\" is {type}; classification needs numbers."),
    };
}
