using System.Collections.Immutable;
using System.Globalization;

namespace Sluice.Onnx;

/// <summary>One dimension of a declared shape: a size, or a named or nameless one that each call decides.</summary>
/// <param name="Size">-1 when it varies.</param>
/// <param name="Symbol">The name of a varying dimension, such as <c>batch</c>.</param>
public readonly record struct Dimension(long Size, string? Symbol = null)
{
    public bool IsFixed => Size >= 0;

    public override string ToString() =>
        IsFixed ? Size.ToString(CultureInfo.InvariantCulture) : Symbol ?? "-1";
}

/// <summary>The declared type of an input or output.</summary>
public abstract record OnnxType;

/// <param name="Element">Type of each element.</param>
/// <param name="Shape">Declared dimensions; null when not even the rank is declared.</param>
public sealed record TensorType(ElementType Element, ImmutableArray<Dimension>? Shape) : OnnxType
{
    public override string ToString() => $"tensor({Element.OnnxName()})";
}

public sealed record SequenceType(OnnxType Element) : OnnxType
{
    public override string ToString() => $"seq({Element})";
}

public sealed record MapType(ElementType Key, OnnxType Value) : OnnxType
{
    public override string ToString() => $"map({Key.OnnxName()},{Value})";
}

public sealed record OptionalType(OnnxType Contained) : OnnxType
{
    public override string ToString() => $"optional({Contained})";
}

/// <summary>A type that this binding cannot carry, such as a sparse tensor or an opaque value.</summary>
public sealed record UnsupportedType(string Name) : OnnxType
{
    public override string ToString() => Name;
}

/// <summary>A named input, output or overridable initializer.</summary>
public sealed record ValueInfo(string Name, OnnxType Type);
