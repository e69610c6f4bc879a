using System.Buffers;
using System.Buffers.Binary;
using Sluice.Onnx;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>BYTES elements as raw bytes: a 4-byte little-endian length before each.</summary>
internal static class BytesElements
{
    public const int Prefix = 4;

    /// <summary>Appends all elements; their number must be what the slot's shape says.</summary>
    public static void Read(InputSlot slot, ReadOnlySequence<byte> raw)
    {
        var wanted = InferInput.ElementCount(slot, slot.Shape);
        Span<byte> length = stackalloc byte[Prefix];
        while (raw.Length > 0)
        {
            if (raw.Length < Prefix)
                throw Wrong(slot, "ends inside the length of element " + slot.Count);
            raw.Slice(0, Prefix).CopyTo(length);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(length);
            if (size > raw.Length - Prefix)
                throw Wrong(slot, $"ends inside element {slot.Count}, which should have {size} bytes");
            if (slot.Count == wanted)
                throw Wrong(slot, $"has more than the {wanted} elements of its shape");
            raw.Slice(Prefix, size).CopyTo(slot.ReserveString((int)size));
            slot.CommitString((int)size);
            raw = raw.Slice(Prefix + size);
        }
        if (slot.Count != wanted)
            throw Wrong(slot, $"has {slot.Count} elements; its shape needs {wanted}");
    }

    /// <summary>Bytes that the elements of an output take.</summary>
    public static long Size(OnnxValue strings) => strings.StringBytes + Prefix * strings.Count;

    public static void Write(IBufferWriter<byte> writer, ReadOnlySpan<byte> element)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(writer.GetSpan(Prefix), (uint)element.Length);
        writer.Advance(Prefix);
        writer.WriteWhole(element);
    }

    private static RequestException Wrong(InputSlot slot, string what) =>
        RequestException.Bad($"Input \"{slot.Info.Name}\" {what}.");
}
