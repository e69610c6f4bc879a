using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Sluice.Onnx;
using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Models;
using Sluice.Runtime.Protocols;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>
/// One output of an answer: what it is called, its elements, and how many bytes its parts take on the wire. What is no
/// tensor becomes one as over REST (<see cref="FlatTensor"/>). Kept by the stream and used again.
/// </summary>
internal sealed class OutputTensor
{
    private OnnxValue? tensor;
    private byte[] flat = [];
    private long[] flatShape = [];
    private int[] starts = [];
    private byte[] parameters = [];

    public Port Port { get; private set; } = null!;

    public ElementType ElementType { get; private set; }

    public long Count { get; private set; }

    public ReadOnlySpan<long> Shape => tensor is not null ? tensor.Shape : flatShape;

    /// <summary>Elements as they lie in memory; of a tensor of strings nothing.</summary>
    public unsafe ReadOnlySpan<byte> Bytes => tensor is not null
        ? new ReadOnlySpan<byte>(tensor.Data, checked((int)tensor.ByteLength))
        : flat;

    /// <summary>Parameters of the tensor, map entries with their tags; empty for a plain tensor.</summary>
    public ReadOnlySpan<byte> Parameters => parameters;

    /// <summary>Bytes of the contents: the InferTensorContents message, or the raw contents.</summary>
    public long ContentsSize { get; set; }

    /// <summary>Bytes of the InferOutputTensor message.</summary>
    public long Size { get; set; }

    public ReadOnlySpan<byte> StringAt(long index)
    {
        if (tensor is not null)
            return tensor.StringAt(index);
        var start = starts[index];
        return flat.AsSpan(start, BinaryPrimitives.ReadInt32LittleEndian(flat.AsSpan(start - sizeof(int))));
    }

    /// <param name="classes">Above 0: only the names of so many highest elements.</param>
    public void Set(Port port, OnnxValue value, int classes)
    {
        Port = port;
        if (classes > 0)
            SetClasses(value, classes);
        else if (value.Kind == ValueKind.Tensor)
            (tensor, ElementType, Count) = (value, value.ElementType, value.Count);
        else
            SetFlat(FlatTensor.Of(port, value));
    }

    /// <summary>Lets go of the values, which belong to a call that others may use from now on.</summary>
    public void Clear()
    {
        tensor = null;
        (flat, flatShape, starts, parameters) = ([], [], [], []);
    }

    private void SetFlat(FlatTensor from)
    {
        var writer = new ArrayBufferWriter<byte>();
        var entry = new ProtoWriter(writer);
        var key = Encoding.UTF8.GetBytes(from.Parameter);
        if (from.Value is string text)
            ParameterEntry.Write(ref entry, InferFields.TensorParameters, key, Encoding.UTF8.GetBytes(text));
        else
            ParameterEntry.WriteTrue(ref entry, InferFields.TensorParameters, key);
        entry.Flush();
        parameters = writer.WrittenSpan.ToArray();
        SetElements(from.Type, from.Shape, from.Raw);
    }

    private void SetClasses(OnnxValue value, int classes)
    {
        var (shape, texts) = Classification.Of(Port, value, classes);
        var raw = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(raw);
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            writer.LittleEndian((uint)bytes.Length);
            writer.Raw(bytes);
        }
        writer.Flush();
        SetElements(ElementType.String, shape, raw.WrittenSpan.ToArray());
    }

    private void SetElements(ElementType type, long[] shape, byte[] raw)
    {
        (ElementType, flatShape, flat) = (type, shape, raw);
        Count = TensorShape.ElementCount(shape);
        if (type != ElementType.String)
            return;
        starts = new int[Count];
        var at = 0;
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = at + sizeof(int);
            at = starts[i] + BinaryPrimitives.ReadInt32LittleEndian(raw.AsSpan(at));
        }
    }
}
