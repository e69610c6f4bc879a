using Sluice.Onnx;

namespace Sluice.Conformance.Values;

/// <summary>The comparison of ONNX's own backend tests: near for floating types, exact for all others.</summary>
static class Comparison
{
    public const double Absolute = 1e-5;
    const double Relative = 1e-3;

    /// <returns>Null when they agree, else where and how they differ.</returns>
    public static string? Difference(Value expected, Value actual, double absolute = Absolute) => (expected, actual) switch
    {
        (Tensor e, Tensor a) => Tensors(e, a, absolute),
        (Sequence e, Sequence a) when e.Items.Count != a.Items.Count =>
            $"{a.Items.Count} items instead of {e.Items.Count}",
        (Sequence e, Sequence a) => e.Items.Zip(a.Items, (one, other) => Difference(one, other, absolute))
            .Select((difference, i) => difference is null ? null : $"item {i}: {difference}")
            .FirstOrDefault(d => d is not null),
        (Absent, Absent) => null,
        _ => $"{actual} instead of {expected}",
    };

    static string? Tensors(Tensor expected, Tensor actual, double absolute)
    {
        if (expected.Type != actual.Type)
            return $"type {actual.Type} instead of {expected.Type}";
        if (!expected.Shape.SequenceEqual(actual.Shape))
            return $"shape [{string.Join(", ", actual.Shape)}] instead of [{string.Join(", ", expected.Shape)}]";
        if (actual.Held != actual.Count || expected.Held != actual.Held)
            return $"{actual.Held} elements instead of {expected.Held} of shape [{string.Join(", ", actual.Shape)}]";
        for (long i = 0; i < actual.Count; i++)
        {
            if (!Same(expected, actual, i, absolute))
                return $"element {i} is {Elements.Show(actual, i)} instead of {Elements.Show(expected, i)}";
        }
        return null;
    }

    static bool Same(Tensor expected, Tensor actual, long index, double absolute)
    {
        if (expected.Type == ElementType.String)
            return expected.Strings[index].AsSpan().SequenceEqual(actual.Strings[index]);
        return Elements.IsFloating(expected.Type)
            ? Near(Elements.Floating(expected, index), Elements.Floating(actual, index), absolute)
            : Elements.Whole(expected, index) == Elements.Whole(actual, index);
    }

    /// <summary>NaN equals NaN, and an infinity only itself.</summary>
    static bool Near(double expected, double actual, double absolute)
    {
        if (double.IsNaN(expected) || double.IsNaN(actual))
            return double.IsNaN(expected) && double.IsNaN(actual);
        if (double.IsInfinity(expected) || double.IsInfinity(actual))
            return expected.Equals(actual);
        return Math.Abs(expected - actual) <= absolute + Relative * Math.Abs(expected);
    }
}
