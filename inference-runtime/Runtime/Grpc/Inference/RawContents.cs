using System.Buffers.Binary;
using Sluice.Onnx;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Protocols.V2;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>
/// Tensors as raw bytes: row-major, little-endian, without padding; a BOOL is a byte of 0 or 1; an element of BYTES goes
/// after its length, four bytes little-endian.
/// </summary>
internal static class RawContents
{
    public static void Read(ReadOnlySpan<byte> raw, InputSlot slot, ReadOnlySpan<long> shape, long count)
    {
        if (slot.ElementType == ElementType.String)
        {
            Strings(raw, slot, shape, count);
            return;
        }
        var wanted = slot.ElementType.ByteCount(count);
        if (raw.Length != wanted)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" has {raw.Length} raw bytes; {Datatypes.Name(slot.ElementType)} [{Text(shape)}] needs {wanted}.");
        }
        if (slot.ElementType == ElementType.Bool && raw.IndexOfAnyExceptInRange((byte)0, (byte)1) is var at and >= 0)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" wants BOOL; element {at} is the byte {raw[at]}, not 0 or 1.");
        unsafe
        {
            raw.CopyTo(new Span<byte>(slot.Raw(wanted, count), raw.Length));
        }
    }

    private static void Strings(ReadOnlySpan<byte> raw, InputSlot slot, ReadOnlySpan<long> shape, long count)
    {
        var rest = raw;
        while (!rest.IsEmpty)
        {
            if (rest.Length < BytesElements.Prefix)
                throw Wrong(slot, $"ends inside the length of element {slot.Count}");
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            rest = rest[BytesElements.Prefix..];
            if (length > rest.Length)
                throw Wrong(slot, $"ends inside element {slot.Count}, which should have {length} bytes");
            if (slot.Count == count)
                throw Wrong(slot, $"has more than the {count} elements of its shape [{Text(shape)}]");
            slot.AppendString(rest[..(int)length]);
            rest = rest[(int)length..];
        }
        if (slot.Count != count)
            throw Wrong(slot, $"has {slot.Count} elements; its shape [{Text(shape)}] needs {count}");
    }

    private static RequestException Wrong(InputSlot slot, string what) =>
        RequestException.Bad($"Input \"{slot.Info.Name}\" {what}.");

    private static string Text(ReadOnlySpan<long> shape) => string.Join(", ", shape.ToArray());
}
