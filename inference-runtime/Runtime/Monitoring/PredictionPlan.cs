using System.Collections.Immutable;
using System.Globalization;
using Sluice.Monitoring.Feedback;
using Sluice.Onnx;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Monitoring;

/// <summary>Which outputs are a model's predictions: the first with one class per row, with scores of classes, and with one number.</summary>
internal sealed unsafe class PredictionPlan
{
    /// <summary>Scores of more classes are not kept.</summary>
    private const int MostClasses = 16;

    private readonly int label = -1;
    private readonly int scores = -1;
    private readonly int number = -1;

    public PredictionPlan(ImmutableArray<Port> outputs)
    {
        for (var i = outputs.Length - 1; i >= 0; i--)
        {
            if (outputs[i].Info.Type is not TensorType { Shape: not null } tensor)
                continue;
            var perRow = outputs[i].Shape.Skip(1).Aggregate(1L, static (n, d) => d.IsFixed ? n * d.Size : -1);
            var isReal = tensor.Element is ElementType.Float or ElementType.Double;
            if (perRow == 1 && isReal)
                number = i;
            else if (perRow == 1 && TensorRecording.CanRecord(tensor.Element) && tensor.Element is not (ElementType.Float16 or ElementType.BFloat16))
                label = i;
            else if (isReal && perRow is > 1 and <= MostClasses)
                (scores, Classes) = (i, (int)perRow);
        }
    }

    /// <summary>Scores per row; 0 when there are none.</summary>
    public int Classes { get; }

    /// <summary>False when the model answers nothing that a label can be held against.</summary>
    public bool Predicts => label >= 0 || scores >= 0 || number >= 0;

    /// <summary>Adds the rows that a call answered.</summary>
    public void Record(RunFrame frame, ulong request, PredictionRing ring)
    {
        long labels = Rows(frame, label, 1), numbers = Rows(frame, number, 1), scored = Rows(frame, scores, Classes);
        var rows = Math.Max(labels, Math.Max(scored, numbers));
        for (var row = 0; row < rows; row++)
        {
            var prediction = new Prediction(
                Identity.Of(request, row),
                row < labels ? Label(frame.Outputs[label], row) : null,
                row < numbers ? Real(frame.Outputs[number], row) : double.NaN);
            var into = ring.Add(prediction);
            if (row < scored)
                Copy(frame.Outputs[scores], (long)row * Classes, into);
            else
                into.Fill(float.NaN);
        }
    }

    /// <summary>As a label of a text is compared.</summary>
    public static long LabelOf(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : unchecked((long)Identity.Of(text));

    private static long Rows(RunFrame frame, int output, int perRow) =>
        output >= 0 && frame.IsWanted(output) && frame.Outputs[output].Kind == ValueKind.Tensor ? frame.Outputs[output].Count / perRow : 0;

    private static double Real(OnnxValue output, long at) =>
        output.ElementType == ElementType.Float ? ((float*)output.Data)[at] : ((double*)output.Data)[at];

    private static void Copy(OnnxValue from, long at, Span<float> to)
    {
        if (from.ElementType == ElementType.Float)
            new ReadOnlySpan<float>((float*)from.Data + at, to.Length).CopyTo(to);
        else
            for (var i = 0; i < to.Length; i++)
                to[i] = (float)((double*)from.Data)[at + i];
    }

    private static long Label(OnnxValue output, long at) => output.ElementType switch
    {
        ElementType.String => LabelOf(output.StringAt(at)),
        ElementType.Int64 or ElementType.UInt64 => ((long*)output.Data)[at],
        ElementType.Int32 => ((int*)output.Data)[at],
        ElementType.UInt32 => ((uint*)output.Data)[at],
        ElementType.Int16 => ((short*)output.Data)[at],
        ElementType.UInt16 => ((ushort*)output.Data)[at],
        ElementType.Int8 => ((sbyte*)output.Data)[at],
        _ => output.Data[at],
    };
}
