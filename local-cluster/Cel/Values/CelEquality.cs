namespace Sluice.LocalCluster.Cel.Values;

/// <summary>Equality and order as the language defines them: numbers compare by amount across their types.</summary>
internal static class CelEquality
{
    /// <summary>For keys of maps: 1, 1u and 1.0 are one key.</summary>
    public static IEqualityComparer<object> Keys { get; } = new KeyComparer();

    /// <summary>True or false; an error where a part cannot be read.</summary>
    public static object Of(object? a, object? b)
    {
        if (a is CelError)
            return a;
        if (b is CelError)
            return b;
        if (IsNumber(a) && IsNumber(b))
            return CompareNumbers(a!, b!) == 0;
        return (a, b) switch
        {
            (CelBytes x, CelBytes y) => x.Content.SequenceEqual(y.Content),
            (CelList x, CelList y) => x.SameAs(y),
            (CelMap x, CelMap y) => x.SameAs(y),
            (CelOptional x, CelOptional y) => x.HasValue == y.HasValue ? !x.HasValue || Of(x.Value, y.Value) is true : false,
            (CelQuantity x, CelQuantity y) => x.Amount == y.Amount,
            _ => Equals(a, b),
        };
    }

    public static bool IsNumber(object? value) => value is long or ulong or double;

    /// <summary>Negative, zero or positive; null when a NaN is among them.</summary>
    public static int? CompareNumbers(object a, object b) => (a, b) switch
    {
        (long x, long y) => x.CompareTo(y),
        (ulong x, ulong y) => x.CompareTo(y),
        (long x, ulong y) => x < 0 ? -1 : ((ulong)x).CompareTo(y),
        (ulong x, long y) => y < 0 ? 1 : x.CompareTo((ulong)y),
        (double x, double y) => double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y),
        (double x, _) => WithInteger(x, b),
        (_, double y) => -WithInteger(y, a),
        _ => null,
    };

    /// <summary>Exact: a double beyond the integer's range is told apart before it is converted.</summary>
    static int? WithInteger(double x, object integer)
    {
        if (double.IsNaN(x))
            return null;
        if (double.IsInfinity(x) || Math.Abs(x) >= 1e20)
            return x > 0 ? 1 : -1;
        return ((decimal)x).CompareTo(integer is long n ? n : (ulong)integer) is not 0 and var order
            ? order
            : x.CompareTo((double)(decimal)x);
    }

    sealed class KeyComparer : IEqualityComparer<object>
    {
        bool IEqualityComparer<object>.Equals(object? x, object? y) => Of(x, y) is true;

        public int GetHashCode(object key) => key switch
        {
            long n => ((double)n).GetHashCode(),
            ulong n => ((double)n).GetHashCode(),
            _ => key.GetHashCode(),
        };
    }
}
