using System.Buffers.Binary;
using Sluice.Conformance.Values;
using Sluice.Onnx;

namespace Sluice.Conformance.Wire;

/// <summary>
/// Elements as the binary tensor extension and gRPC's raw contents carry them: little-endian, row-major; strings each
/// behind a four-byte length.
/// </summary>
static class TensorBinary
{
    public static byte[] Write(Tensor tensor)
    {
        if (tensor.Type != ElementType.String)
            return tensor.Bytes;
        var bytes = new List<byte>();
        foreach (var text in tensor.Strings)
        {
            bytes.AddRange(BitConverter.GetBytes(text.Length));
            bytes.AddRange(text);
        }
        return [.. bytes];
    }

    public static Tensor Read(ReadOnlyMemory<byte> bytes, ElementType type, long[] shape)
    {
        if (type != ElementType.String)
            return Tensor.Numbers(type, shape, bytes.ToArray());
        var strings = new List<byte[]>();
        for (var rest = bytes; rest.Length > 0;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
            strings.Add(rest.Slice(4, length).ToArray());
            rest = rest[(4 + length)..];
        }
        return Tensor.Texts(shape, [.. strings]);
    }
}
