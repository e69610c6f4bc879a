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
            case "BYTES": json.Raw("\"text\""u8); break;
            case "BOOL": json.Raw("true"u8); break;
            case "FP32" or "FP64": json.Raw("0.5"u8); break;
            default: json.Byte((byte)'1'); break;
        }
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
