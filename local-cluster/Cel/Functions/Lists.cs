using Sluice.LocalCluster.Cel.Syntax;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Lists as a whole: order, sum, extremes, places, slices.</summary>
internal static class Lists
{
    static readonly CelType A = CelType.Parameter("T");
    static readonly CelType List = CelType.List(A);

    static readonly CelType[] Comparable =
        [CelType.Int, CelType.Uint, CelType.Double, CelType.Bool, CelType.Duration, CelType.Timestamp, CelType.String, CelType.Bytes];

    static readonly (CelType Type, object Zero)[] Summable =
        [(CelType.Int, 0L), (CelType.Uint, 0UL), (CelType.Double, 0.0), (CelType.Duration, new CelDuration(0))];

    public static IEnumerable<Overload> All =>
    [
        .. Comparable.Select(type => Overload.Method("isSorted", CelType.Bool, [CelType.List(type)], v => IsSorted(Of(v)))),
        .. Comparable.Select(type => Overload.Method("min", type, [CelType.List(type)], v => Extreme(Of(v), "min", order => order < 0))),
        .. Comparable.Select(type => Overload.Method("max", type, [CelType.List(type)], v => Extreme(Of(v), "max", order => order > 0))),
        .. Summable.Select(sum => Overload.Method("sum", sum.Type, [CelType.List(sum.Type)], v => Sum(Of(v), sum.Zero))),
        .. Comparable.Select(type => Overload.Method("sort", CelType.List(type), [CelType.List(type)], v => Sort(Of(v)))),
        .. Comparable.Select(type => Overload.Method(Operators.SortByKeys, List, [List, CelType.List(type)], v => SortBy(Of(v), (CelList)v[1]!))),
        Overload.Method("indexOf", CelType.Int, [List, A], v => (long)Of(v).Items.ToList().FindIndex(item => CelEquality.Of(item, v[1]) is true)),
        Overload.Method("lastIndexOf", CelType.Int, [List, A], v => (long)Of(v).Items.ToList().FindLastIndex(item => CelEquality.Of(item, v[1]) is true)),
        Overload.Method("slice", List, [List, CelType.Int, CelType.Int], v => Slice(Of(v), (long)v[1]!, (long)v[2]!)),
        Overload.Method("flatten", List, [CelType.List(List)], v => Flatten(Of(v), 1)),
        Overload.Method("flatten", CelType.List(CelType.Dyn), [CelType.List(CelType.Dyn), CelType.Int], v =>
            (long)v[1]! < 0 ? new CelError("level must be non-negative") : Flatten(Of(v), (long)v[1]!)),
        Overload.Method("distinct", List, [List], v => Distinct(Of(v))),
        Overload.Method("reverse", List, [List], v => new MadeList([.. Of(v).Items.Reverse()])),
        Overload.Function("lists.range", CelType.List(CelType.Int), [CelType.Int], v => Range((long)v[0]!)),
    ];

    static CelList Of(object?[] values) => (CelList)values[0]!;

    static object IsSorted(CelList list)
    {
        for (var i = 1; i < list.Count; i++)
        {
            switch (Comparisons.Order(list[i - 1], list[i]))
            {
                case CelError error: return error;
                case > 0: return false;
            }
        }
        return true;
    }

    static object? Extreme(CelList list, string name, Func<int, bool> isBetter)
    {
        if (list.Count == 0)
            return new CelError($"{name} called on empty list");
        var best = list[0];
        for (var i = 1; i < list.Count; i++)
        {
            switch (Comparisons.Order(list[i], best))
            {
                case CelError error: return error;
                case int order when isBetter(order): best = list[i]; break;
            }
        }
        return best;
    }

    static object? Sum(CelList list, object zero) =>
        list.Items.Aggregate((object?)zero, (sum, item) => Library.Call(Operators.Add, isMember: false, [sum, item]));

    static object Sort(CelList list) => SortBy(list, list);

    static object SortBy(CelList list, CelList keys)
    {
        if (IsSorted(keys) is CelError error)
            return error;
        var byKey = Comparer<object?>.Create((a, b) => Comparisons.Order(a, b) is int order ? order : 0);
        return new MadeList([.. list.Items.Zip(keys.Items).OrderBy(pair => pair.Second, byKey).Select(pair => pair.First)]);
    }

    static object Slice(CelList list, long start, long end)
    {
        if (start < 0 || end < 0)
            return new CelError($"cannot slice({start}, {end}), negative indexes not supported");
        if (start > end)
            return new CelError($"cannot slice({start}, {end}), start index must be less than or equal to end index");
        return end > list.Count
            ? new CelError($"cannot slice({start}, {end}), list is length {list.Count}")
            : new MadeList([.. list.Items.Skip((int)start).Take((int)(end - start))]);
    }

    static MadeList Flatten(CelList list, long depth) => new([.. list.Items.SelectMany(item =>
        item is CelList inner && depth > 0 ? Flatten(inner, depth - 1).Items : [item])]);

    static MadeList Distinct(CelList list)
    {
        var kept = new List<object?>();
        foreach (var item in list.Items)
        {
            if (!kept.Exists(known => CelEquality.Of(known, item) is true))
                kept.Add(item);
        }
        return new MadeList(kept);
    }

    static object Range(long count) => count is < 0 or > 1_000_000
        ? new CelError($"lists.range: cannot make a list of {count} numbers")
        : new MadeList([.. Enumerable.Range(0, (int)count).Select(i => (object?)(long)i)]);
}
