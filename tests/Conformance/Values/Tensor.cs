using Sluice.Onnx;

namespace Sluice.Conformance.Values;

/// <summary>What a model takes or gives, in this suite's own terms: nothing here is shared with the server's code.</summary>
abstract record Value;

/// <summary>A dense tensor: <paramref name="Bytes"/> are little-endian and row-major; strings are kept as <paramref name="Strings"/>.</summary>
sealed record Tensor(ElementType Type, long[] Shape, byte[] Bytes, byte[][] Strings) : Value
{
    public static Tensor Numbers(ElementType type, long[] shape, byte[] bytes) => new(type, shape, bytes, []);

    public static Tensor Texts(long[] shape, byte[][] strings) => new(ElementType.String, shape, [], strings);

    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Elements that are really there, whatever the shape says.</summary>
    public long Held => Type == ElementType.String ? Strings.Length : Bytes.Length / Math.Max(1, Type.Bits() / 8);

    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
}

sealed record Sequence(IReadOnlyList<Value> Items) : Value;

/// <summary>An optional without a value.</summary>
sealed record Absent : Value;
