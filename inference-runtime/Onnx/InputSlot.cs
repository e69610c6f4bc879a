using System.Runtime.CompilerServices;

namespace Sluice.Onnx;

/// <summary>
/// Where one input of a call is put together: elements are written straight into the native memory that ONNX Runtime
/// reads. The memory and, for a repeated shape, the native tensor over it are reused call after call.
/// </summary>
public sealed unsafe class InputSlot : IDisposable
{
    /// <summary>A larger buffer is given back after the call that needed it.</summary>
    internal const nuint Keep = 2 * 1024 * 1024;

    private readonly OnnxEnvironment environment;
    private readonly NativeBuffer memory = new();
    private readonly NativeBuffer ends = new();
    private long[] shape = new long[4];
    private int rank;
    private long count;
    private nuint used;
    private nint bound;
    private long[] boundShape = [];
    private int boundRank = -1;
    private bool foreign;

    internal InputSlot(OnnxEnvironment environment, ValueInfo info, bool required)
    {
        this.environment = environment;
        (Info, Required) = (info, required);
        var type = info.Type is OptionalType optional ? optional.Contained : info.Type;
        Tensor = type as TensorType;
        ElementType = Tensor?.Element ?? (type is UnsupportedType ? ElementType.Undefined : ElementType.String);
        ElementBytes = (nuint)ElementType.Bits() / 8;
    }

    /// <summary>A place to put together a part of a value, see <see cref="ToValue"/>.</summary>
    public static InputSlot ForPart(ValueInfo part) => new(OnnxEnvironment.Instance, part, required: false);

    public ValueInfo Info { get; }

    /// <summary>False for an overridable initializer, which has a value of its own.</summary>
    public bool Required { get; }

    /// <summary>The declared tensor type, also of an optional tensor; null for sequences and maps.</summary>
    public TensorType? Tensor { get; }

    /// <summary>Of a sequence or map: strings, which its reader turns into the value (<see cref="SetValue"/>).</summary>
    public ElementType ElementType { get; }

    /// <summary>0 for strings and for packed elements below a byte.</summary>
    public nuint ElementBytes { get; }

    public bool IsSet { get; private set; }

    public ReadOnlySpan<long> Shape => shape.AsSpan(0, rank);

    /// <summary>Elements written so far.</summary>
    public long Count => count;

    /// <summary>For a caller that fills the input row by row: rows so far.</summary>
    public long Rows { get; set; }

    /// <summary>Begins to fill the input of this call.</summary>
    public void Start()
    {
        IsSet = true;
        Rows = 0;
        (count, used, rank) = (0, 0, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append<T>(T element)
        where T : unmanaged
    {
        var next = used + (nuint)sizeof(T);
        if (next > memory.Capacity)
            Grow(next);
        *(T*)(memory.Pointer + used) = element;
        used = next;
        count++;
    }

    /// <summary>Adds a string element: any bytes.</summary>
    public void AppendString(ReadOnlySpan<byte> text)
    {
        var target = ReserveString(text.Length);
        text.CopyTo(target);
        CommitString(text.Length);
    }

    /// <summary>Room for a string of at most <paramref name="size"/> bytes; <see cref="CommitString"/> adds it.</summary>
    public Span<byte> ReserveString(int size)
    {
        var next = used + (nuint)Math.Max(1, size);
        if (next > memory.Capacity)
            Grow(next);
        return new Span<byte>(memory.Pointer + used, size);
    }

    public void CommitString(int size)
    {
        used += (nuint)size;
        ends.Reserve((nuint)(count + 1) * sizeof(long), (nuint)count * sizeof(long));
        ((long*)ends.Pointer)[count++] = (long)used;
    }

    /// <summary>Element <paramref name="index"/> of a string tensor, as it was added.</summary>
    public ReadOnlySpan<byte> StringAt(long index)
    {
        var from = index == 0 ? 0 : ((long*)ends.Pointer)[index - 1];
        return new ReadOnlySpan<byte>(memory.Pointer + from, (int)(((long*)ends.Pointer)[index] - from));
    }

    /// <summary>Room for raw little-endian elements; all of it must be written.</summary>
    /// <returns>Null-free memory of exactly <paramref name="bytes"/> bytes.</returns>
    public byte* Raw(long bytes, long elements)
    {
        if (memory.Reserve((nuint)Math.Max(1, bytes)))
            ReleaseBound();
        (used, count) = ((nuint)bytes, elements);
        return memory.Pointer;
    }

    /// <summary>Adds the elements of another slot of the same type, which are no strings.</summary>
    internal void Append(InputSlot other)
    {
        var next = used + other.used;
        if (next > memory.Capacity)
            Grow(next);
        Buffer.MemoryCopy(other.memory.Pointer, memory.Pointer + used, other.used, other.used);
        used = next;
        count += other.count;
    }

    /// <summary>What <see cref="Raw"/> returned.</summary>
    public byte* RawMemory => memory.Pointer;

    public void SetShape(ReadOnlySpan<long> dimensions)
    {
        if (dimensions.Length > shape.Length)
            shape = new long[dimensions.Length];
        dimensions.CopyTo(shape);
        rank = dimensions.Length;
    }

    /// <summary>An optional input that has no value in this call.</summary>
    public void Unset() => IsSet = false;

    /// <summary>A tensor of its own with what the slot holds now; the caller disposes it.</summary>
    public OnnxValue ToValue()
    {
        var api = environment.Api;
        nint value;
        fixed (long* dimensions = shape)
            api.Check(api.CreateTensorAsOrtValue(environment.Allocator, dimensions, (nuint)rank, (int)ElementType, &value));
        var tensor = new OnnxValue(environment);
        tensor.Attach(value);
        if (ElementType == ElementType.String)
            FillStrings(value);
        else
            Buffer.MemoryCopy(memory.Pointer, tensor.Data, used, used);
        return tensor;
    }

    /// <summary>Feeds a value made elsewhere (a sequence, a map); the slot owns it from here on.</summary>
    public void SetValue(OnnxValue value)
    {
        ReleaseBound();
        bound = value.Detach();
        (IsSet, foreign) = (true, true);
    }

    /// <summary>The native value to pass to Run.</summary>
    internal nint Bind()
    {
        if (foreign)
            return bound;
        if (ElementType == ElementType.String)
            BindStrings();
        else
            BindMemory();
        return bound;
    }

    /// <summary>Ends the call: large memory is given back.</summary>
    internal void Clear()
    {
        IsSet = false;
        if (foreign || memory.Capacity > Keep)
            ReleaseBound();
        memory.Trim(Keep);
        ends.Trim(Keep);
        foreign = false;
    }

    public void Dispose()
    {
        ReleaseBound();
        memory.Dispose();
        ends.Dispose();
    }

    private void Grow(nuint bytes)
    {
        if (memory.Reserve(bytes, used) && ElementType != ElementType.String)
            ReleaseBound();
    }

    private bool BoundAlready() => bound != 0 && boundRank == rank && boundShape.AsSpan(0, boundRank).SequenceEqual(Shape);

    private void BindMemory()
    {
        if (BoundAlready())
            return;
        ReleaseBound();
        memory.Reserve(1);
        var api = environment.Api;
        fixed (long* dimensions = shape)
        fixed (nint* value = &bound)
        {
            api.Check(api.CreateTensorWithDataAsOrtValue(
                environment.CpuMemory, memory.Pointer, used, dimensions, (nuint)rank, (int)ElementType, value));
        }
        RememberShape();
    }

    private void BindStrings()
    {
        var api = environment.Api;
        if (!BoundAlready())
        {
            ReleaseBound();
            fixed (long* dimensions = shape)
            fixed (nint* value = &bound)
            {
                api.Check(api.CreateTensorAsOrtValue(
                    environment.Allocator, dimensions, (nuint)rank, (int)ElementType.String, value));
            }
            RememberShape();
        }
        FillStrings(bound);
    }

    private void FillStrings(nint tensor)
    {
        var api = environment.Api;
        long from = 0;
        for (long i = 0; i < count; i++)
        {
            var to = ((long*)ends.Pointer)[i];
            byte* target;
            // Sets the length itself, so a NUL inside the text survives.
            api.Check(api.GetResizedStringTensorElementBuffer(tensor, (nuint)i, (nuint)(to - from), &target));
            Buffer.MemoryCopy(memory.Pointer + from, target, to - from, to - from);
            from = to;
        }
    }

    private void RememberShape()
    {
        if (boundShape.Length < rank)
            boundShape = new long[rank];
        Shape.CopyTo(boundShape);
        boundRank = rank;
    }

    private void ReleaseBound()
    {
        if (bound != 0)
            environment.Api.ReleaseValue(bound);
        (bound, boundRank) = (0, -1);
    }
}
