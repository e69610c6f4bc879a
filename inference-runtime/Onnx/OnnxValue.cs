using Sluice.Onnx.Native;

namespace Sluice.Onnx;

/// <summary>What a value holds (<c>ONNXType</c>).</summary>
public enum ValueKind
{
    /// <summary>An optional without a value.</summary>
    None = 0,
    Tensor = 1,
    Sequence = 2,
    Map = 3,
    Opaque = 4,
    SparseTensor = 5,
}

/// <summary>
/// A value that ONNX Runtime made. Spans and pointers into it live until it is disposed (for an output of a frame:
/// until the frame is cleared or runs again).
/// </summary>
public sealed unsafe class OnnxValue : IDisposable
{
    private readonly OnnxEnvironment environment;
    private readonly StringContent strings = new();
    private nint value;
    private long[] shape = new long[4];
    private int rank;

    internal OnnxValue(OnnxEnvironment environment) => this.environment = environment;

    public ValueKind Kind { get; private set; }

    /// <summary>Of a tensor.</summary>
    public ElementType ElementType { get; private set; }

    /// <summary>Of a tensor.</summary>
    public ReadOnlySpan<long> Shape => shape.AsSpan(0, rank);

    /// <summary>Elements of a tensor; items of a sequence.</summary>
    public long Count { get; private set; }

    /// <summary>A tensor's elements, row-major; not for strings.</summary>
    public byte* Data { get; private set; }

    /// <summary>Bytes at <see cref="Data"/>.</summary>
    public long ByteLength => ElementType.ByteCount(Count);

    internal nint Pointer => value;

    private OrtApi Api => environment.Api;

    /// <summary>Element <paramref name="index"/> of a string tensor, as the model left it: any bytes, NUL included.</summary>
    public ReadOnlySpan<byte> StringAt(long index) => strings.At(index);

    /// <summary>Bytes of all strings together.</summary>
    public long StringBytes => strings.TotalBytes;

    /// <summary>An item of a sequence; the caller disposes it.</summary>
    public OnnxValue Item(int index)
    {
        nint item;
        Api.Check(Api.GetValue(value, index, environment.Allocator, &item));
        var result = new OnnxValue(environment);
        result.Attach(item);
        return result;
    }

    /// <summary>A map's keys, one tensor; the caller disposes it.</summary>
    public OnnxValue Keys() => Item(0);

    /// <summary>A map's values, one tensor in the order of the keys; the caller disposes it.</summary>
    public OnnxValue Values() => Item(1);

    public void Dispose()
    {
        if (value != 0)
            Api.ReleaseValue(value);
        value = 0;
        Data = null;
        strings.Release();
    }

    /// <summary>The value, which this object gives away.</summary>
    internal OnnxValue Move()
    {
        var moved = new OnnxValue(environment);
        moved.Attach(Detach());
        return moved;
    }

    /// <summary>Holds, from here on, a copy of some rows of a tensor of numbers.</summary>
    internal void CopyRows(OnnxValue from, long first, long rows)
    {
        Span<long> dimensions = [.. from.Shape];
        var rowBytes = from.ByteLength / dimensions[0];
        dimensions[0] = rows;
        nint copy;
        fixed (long* p = dimensions)
            Api.Check(Api.CreateTensorAsOrtValue(environment.Allocator, p, (nuint)dimensions.Length, (int)from.ElementType, &copy));
        Attach(copy);
        Buffer.MemoryCopy(from.Data + first * rowBytes, Data, rows * rowBytes, rows * rowBytes);
    }

    /// <summary>Takes ownership of a native value in place of the one held so far.</summary>
    internal void Attach(nint owned)
    {
        Dispose();
        value = owned;
        int kind = 0, hasValue = 1;
        if (owned != 0)
        {
            Api.Check(Api.HasValue(owned, &hasValue));
            if (hasValue != 0)
                Api.Check(Api.GetValueType(owned, &kind));
        }
        Kind = (ValueKind)kind;
        if (Kind == ValueKind.Tensor)
            ReadTensor();
        else if (Kind == ValueKind.Sequence)
            Count = CountItems();
        else
            Count = 0;
    }

    /// <summary>The native pointer, of which the caller becomes the owner.</summary>
    internal nint Detach()
    {
        var owned = value;
        value = 0;
        Dispose();
        return owned;
    }

    private long CountItems()
    {
        nuint count;
        Api.Check(Api.GetValueCount(value, &count));
        return (long)count;
    }

    private void ReadTensor()
    {
        nint info;
        int element;
        nuint dimensions;
        Api.Check(Api.GetTensorTypeAndShape(value, &info));
        Api.Check(Api.GetTensorElementType(info, &element));
        Api.Check(Api.GetDimensionsCount(info, &dimensions));
        rank = (int)dimensions;
        if (rank > shape.Length)
            shape = new long[rank];
        fixed (long* p = shape)
            Api.Check(Api.GetDimensions(info, p, dimensions));
        Api.ReleaseTensorTypeAndShapeInfo(info);
        ElementType = (ElementType)element;
        Count = TensorShape.ElementCount(Shape);
        if (ElementType == ElementType.String)
        {
            strings.Read(Api, value, Count);
            return;
        }
        void* data;
        Api.Check(Api.GetTensorMutableData(value, &data));
        Data = (byte*)data;
    }
}
