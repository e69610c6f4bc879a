using Sluice.LocalCluster.Cel.Syntax;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Equality of everything, order of what has one, and logic without its absorbing part.</summary>
internal static class Comparisons
{
    static readonly CelType A = CelType.Parameter("A");
    static readonly CelType B = CelType.Parameter("B");

    static readonly CelType[] Ordered =
        [CelType.Bool, CelType.Int, CelType.Uint, CelType.Double, CelType.String, CelType.Bytes, CelType.Timestamp, CelType.Duration];

    static readonly CelType[] Numbers = [CelType.Int, CelType.Uint, CelType.Double];

    public static IEnumerable<Overload> All =>
    [
        Overload.Function(Operators.IsEqual, CelType.Bool, [A, A], v => CelEquality.Of(v[0], v[1])),
        Overload.Function(Operators.IsNotEqual, CelType.Bool, [A, A], v => CelEquality.Of(v[0], v[1]) is bool same ? !same : CelError.NoSuchOverload),
        Overload.Function(Operators.Not, CelType.Bool, [CelType.Bool], v => !(bool)v[0]!),
        Overload.Function(Operators.In, CelType.Bool, [A, CelType.List(A)], v => In(v[0], (CelList)v[1]!)),
        Overload.Function(Operators.In, CelType.Bool, [A, CelType.Map(A, B)], v => ((CelMap)v[1]!).TryGet(v[0], out _)),
        // The interpreter evaluates these four itself; they are here for the type checker.
        Overload.Function(Operators.And, CelType.Bool, [CelType.Bool, CelType.Bool], v => (bool)v[0]! && (bool)v[1]!),
        Overload.Function(Operators.Or, CelType.Bool, [CelType.Bool, CelType.Bool], v => (bool)v[0]! || (bool)v[1]!),
        Overload.Function(Operators.Conditional, A, [CelType.Bool, A, A], v => (bool)v[0]! ? v[1] : v[2]),
        Overload.Function(Operators.NotStrictlyFalse, CelType.Bool, [CelType.Bool], v => v[0]),
        .. Order(Operators.Less, order => order < 0),
        .. Order(Operators.LessEquals, order => order <= 0),
        .. Order(Operators.Greater, order => order > 0),
        .. Order(Operators.GreaterEquals, order => order >= 0),
    ];

    static IEnumerable<Overload> Order(string name, Func<int, bool> holds)
    {
        foreach (var type in Ordered)
            yield return Overload.Function(name, CelType.Bool, [type, type], Compare);
        foreach (var left in Numbers)
        {
            foreach (var right in Numbers.Where(right => !right.Equals(left)))
                yield return Overload.Function(name, CelType.Bool, [left, right], Compare);
        }

        object Compare(object?[] v) => Order(v[0], v[1]) switch
        {
            int order => holds(order),
            var error => error,
        };
    }

    /// <summary>Negative, zero or positive, or an error.</summary>
    public static object Order(object? a, object? b)
    {
        if (CelEquality.IsNumber(a) && CelEquality.IsNumber(b))
            return CelEquality.CompareNumbers(a!, b!) is { } order ? order : new CelError("NaN values cannot be ordered");
        return (a, b) switch
        {
            (bool x, bool y) => x.CompareTo(y),
            (string x, string y) => CompareText(x, y),
            (CelBytes x, CelBytes y) => x.Content.SequenceCompareTo(y.Content),
            (CelTimestamp x, CelTimestamp y) => x.Moment.CompareTo(y.Moment),
            (CelDuration x, CelDuration y) => x.Nanoseconds.CompareTo(y.Nanoseconds),
            _ => CelError.NoSuchOverload,
        };
    }

    /// <summary>By code point, which for UTF-16 is not the order of its units.</summary>
    static int CompareText(string a, string b) =>
        System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b));

    static object In(object? value, CelList list)
    {
        object? trouble = null;
        foreach (var item in list.Items)
        {
            var same = CelEquality.Of(item, value);
            if (same is true)
                return true;
            trouble ??= same as CelError;
        }
        return trouble ?? false;
    }
}
