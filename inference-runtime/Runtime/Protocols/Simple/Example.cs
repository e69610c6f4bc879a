using Sluice.Onnx;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.Simple;

/// <summary>Invents values for a model's inputs, to show what a request looks like.</summary>
internal static class Example
{
    private const int Most = 64;

    /// <summary>A whole tensor with one row, nested; large dimensions are cut short.</summary>
    public static void Tensor(JsonBuffer json, Port port) => Nested(json, port, [.. port.Shape.Select(Size)]);

    /// <summary>The tensor without its first dimension.</summary>
    public static void Row(JsonBuffer json, Port port) => Nested(json, port, [.. port.Shape.Skip(1).Select(Size)]);

    public static void Value(JsonBuffer json, Port port)
    {
        switch (port.Datatype)
        {
            case "BYTES" when port.IsText: Text(json, port); break;
            case "BYTES": json.Raw("\"text\""u8); break;
            case "BOOL": json.Raw("true"u8); break;
            case "FP32" or "FP64": json.Raw("0.5"u8); break;
            default: json.Byte((byte)'1'); break;
        }
    }

    /// <summary>A whole sequence or map, as V1 takes it.</summary>
    public static void Whole(JsonBuffer json, Port port)
    {
        if (port.Contained is SequenceType)
            json.Byte((byte)'[');
        Part(json, port.Contained is SequenceType sequence ? sequence.Element : port.Contained);
        if (port.Contained is SequenceType)
            json.Byte((byte)']');
    }

    /// <summary>All elements in one list, as V2 takes them.</summary>
    public static void Flat(JsonBuffer json, Port port)
    {
        json.Byte((byte)'[');
        var count = Shape(port).Aggregate(1L, (product, size) => Math.Min(Most, product * size));
        for (long i = 0; i < count; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            Value(json, port);
        }
        json.Byte((byte)']');
    }

    public static long[] Shape(Port port) => [.. port.Shape.Select(Size)];

    private static void Text(JsonBuffer json, Port port)
    {
        var text = new JsonBuffer();
        Part(text, port.Contained is SequenceType sequence ? sequence.Element : port.Contained);
        json.String(text.Written);
    }

    private static void Part(JsonBuffer json, OnnxType type)
    {
        if (type is MapType map)
        {
            json.Raw(map.Key == ElementType.String ? "{\"key\":"u8 : "{\"1\":"u8);
            Part(json, map.Value);
            json.Byte((byte)'}');
            return;
        }
        var port = new Port(new ValueInfo(string.Empty, type), required: true, isInput: true);
        if (port.Shape.IsEmpty)
            Value(json, port);
        else
            Tensor(json, port);
    }

    private static long Size(Dimension dimension) => dimension.IsFixed ? Math.Min(Most, dimension.Size) : 1;

    private static void Nested(JsonBuffer json, Port port, ReadOnlySpan<long> shape)
    {
        if (shape.Length == 0)
        {
            Value(json, port);
            return;
        }
        json.Byte((byte)'[');
        for (long i = 0; i < shape[0]; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            Nested(json, port, shape[1..]);
        }
        json.Byte((byte)']');
    }
}
