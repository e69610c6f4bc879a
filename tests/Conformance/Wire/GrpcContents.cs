using Sluice.Conformance.Values;
using Sluice.Onnx;

namespace Sluice.Conformance.Wire;

/// <summary>InferTensorContents: one repeated field for each group of types.</summary>
static class GrpcContents
{
    public static ProtoMessage Write(Tensor tensor)
    {
        var contents = new ProtoMessage();
        if (tensor.Type == ElementType.String)
        {
            foreach (var text in tensor.Strings)
                contents.Bytes(8, text);
            return contents;
        }
        return tensor.Type switch
        {
            ElementType.Float => contents.Bytes(6, tensor.Bytes),
            ElementType.Double => contents.Bytes(7, tensor.Bytes),
            ElementType.Bool => contents.Packed(1, Numbers(tensor)),
            ElementType.Int8 or ElementType.Int16 or ElementType.Int32 => contents.Packed(2, Numbers(tensor)),
            ElementType.Int64 => contents.Packed(3, Numbers(tensor)),
            ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 => contents.Packed(4, Numbers(tensor)),
            ElementType.UInt64 => contents.Packed(5, Numbers(tensor)),
            // No field is meant for these: a client that does not know better sends their values as floats.
            _ => contents.Bytes(6, Floats(tensor)),
        };
    }

    public static Tensor Read(ReadOnlyMemory<byte> message, ElementType type, long[] shape)
    {
        var fields = Proto.Read(message);
        if (type == ElementType.String)
            return Tensor.Texts(shape, [.. Proto.Messages(fields, 8).Select(m => m.ToArray())]);
        if (type is ElementType.Float or ElementType.Double)
            return Tensor.Numbers(type, shape, type == ElementType.Float ? Proto.Fixed(fields, 6, 4) : Proto.Fixed(fields, 7, 8));
        var bytes = new List<byte>();
        foreach (var element in Proto.Varints(fields, Field(type)))
            Elements.Append(bytes, type, (Int128)(long)element);
        return Tensor.Numbers(type, shape, [.. bytes]);
    }

    static int Field(ElementType type) => type switch
    {
        ElementType.Bool => 1,
        ElementType.Int8 or ElementType.Int16 or ElementType.Int32 => 2,
        ElementType.Int64 => 3,
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 => 4,
        ElementType.UInt64 => 5,
        _ => throw new InvalidDataException($"{type} has no typed contents"),
    };

    static IEnumerable<ulong> Numbers(Tensor tensor)
    {
        for (long i = 0; i < tensor.Held; i++)
            yield return unchecked((ulong)Elements.Whole(tensor, i));
    }

    static byte[] Floats(Tensor tensor)
    {
        var bytes = new List<byte>();
        for (long i = 0; i < tensor.Held; i++)
            Elements.Append(bytes, ElementType.Float, Elements.Floating(tensor, i));
        return [.. bytes];
    }
}
