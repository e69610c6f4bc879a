using Sluice.Onnx;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>
/// One output of an answer: what it is called, its elements, and how many bytes its parts take on the wire. Kept by the
/// stream and used again.
/// </summary>
internal sealed class OutputTensor
{
    private OnnxValue? tensor;
    private FlatValue? flat;

    public Port Port { get; private set; } = null!;

    public ElementType ElementType { get; private set; }

    public long Count { get; private set; }

    public ReadOnlySpan<long> Shape => tensor is not null ? tensor.Shape : flat!.Shape;

    /// <summary>Elements as they lie in memory; not for strings.</summary>
    public unsafe ReadOnlySpan<byte> Bytes => tensor is not null
        ? new ReadOnlySpan<byte>(tensor.Data, checked((int)tensor.ByteLength))
        : flat!.Bytes;

    /// <summary>Parameters of the tensor, map entries with their tags; empty for a plain tensor.</summary>
    public ReadOnlySpan<byte> Parameters => flat is null ? default : flat.Parameters;

    /// <summary>Bytes of the contents: the InferTensorContents message, or the raw contents.</summary>
    public long ContentsSize { get; set; }

    /// <summary>Bytes of the InferOutputTensor message.</summary>
    public long Size { get; set; }

    public ReadOnlySpan<byte> StringAt(long index) => tensor is not null ? tensor.StringAt(index) : flat!.Strings[(int)index];

    public void Set(Port port, OnnxValue value)
    {
        Port = port;
        if (value.Kind == ValueKind.Tensor)
        {
            (tensor, flat) = (value, null);
            (ElementType, Count) = (value.ElementType, value.Count);
            return;
        }
        flat = FlatValue.Of(port, value);
        tensor = null;
        (ElementType, Count) = (flat.ElementType, flat.Count);
    }

    /// <summary>Lets go of the values, which belong to a call that others may use from now on.</summary>
    public void Clear() => (tensor, flat) = (null, null);
}
