using System.Collections.Concurrent;

namespace Sluice.Onnx;

/// <summary>Makes sequences and maps to feed to a model. What they are made of stays the caller's to dispose.</summary>
public static unsafe class NewValue
{
    /// <summary>A model per element type that gives an empty sequence, because the C API cannot make one.</summary>
    private static readonly ConcurrentDictionary<ElementType, OnnxSession> Empty = new();

    /// <param name="items">Tensors of one element type, or maps of one type; at least one.</param>
    /// <exception cref="OnnxException">ONNX Runtime has no such sequence.</exception>
    public static OnnxValue Sequence(IReadOnlyList<OnnxValue> items) => Make(items, ValueKind.Sequence);

    /// <exception cref="OnnxException">ONNX Runtime has no sequence of such tensors.</exception>
    public static OnnxValue EmptySequence(ElementType element)
    {
        var session = Empty.GetOrAdd(element, static e => OnnxSession.Load(EmptySequenceModel(e), new SessionSettings()));
        using var frame = session.NewFrame();
        frame.Run();
        return frame.Outputs[0].Move();
    }

    /// <param name="keys">INT64 or strings, in one dimension.</param>
    /// <param name="values">As many.</param>
    /// <exception cref="OnnxException">ONNX Runtime has no map of such keys and values.</exception>
    public static OnnxValue Map(OnnxValue keys, OnnxValue values) => Make([keys, values], ValueKind.Map);

    private static OnnxValue Make(IReadOnlyList<OnnxValue> parts, ValueKind kind)
    {
        var environment = OnnxEnvironment.Instance;
        var pointers = new nint[parts.Count];
        for (var i = 0; i < pointers.Length; i++)
            pointers[i] = parts[i].Pointer;
        nint value;
        fixed (nint* first = pointers)
            environment.Api.Check(environment.Api.CreateValue(first, (nuint)pointers.Length, (int)kind, &value));
        var made = new OnnxValue(environment);
        made.Attach(value);
        return made;
    }

    /// <summary>A ModelProto whose graph is one SequenceEmpty (operator set 11) with the output "s".</summary>
    private static byte[] EmptySequenceModel(ElementType element)
    {
        byte type = (byte)element;
        byte[] dtype = [.. Field(1, "dtype"u8), 3 << 3, type, 20 << 3 & 0x7F | 0x80, 1, 2];
        byte[] node = [.. Field(2, "s"u8), .. Field(4, "SequenceEmpty"u8), .. Field(5, dtype)];
        byte[] output = [.. Field(1, "s"u8), .. Field(2, Field(4, Field(1, Field(1, [1 << 3, type]))))];
        byte[] graph = [.. Field(1, node), .. Field(2, "g"u8), .. Field(12, output)];
        return [1 << 3, 8, .. Field(7, graph), .. Field(8, [2 << 3, 11])];

        static byte[] Field(int number, ReadOnlySpan<byte> content) => [(byte)(number << 3 | 2), (byte)content.Length, .. content];
    }
}
