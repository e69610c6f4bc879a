using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Lists taken as sets.</summary>
internal static class Sets
{
    static readonly CelType List = CelType.List(CelType.Parameter("T"));

    public static IEnumerable<Overload> All =>
    [
        Overload.Function("sets.contains", CelType.Bool, [List, List], v => Contains(v[0], v[1])),
        Overload.Function("sets.equivalent", CelType.Bool, [List, List], v => Contains(v[0], v[1]) && Contains(v[1], v[0])),
        Overload.Function("sets.intersects", CelType.Bool, [List, List], v => ((CelList)v[0]!).Items.Any(item => Has(v[1], item))),
    ];

    static bool Contains(object? set, object? part) => ((CelList)part!).Items.All(item => Has(set, item));

    static bool Has(object? set, object? item) => ((CelList)set!).Items.Any(member => CelEquality.Of(member, item) is true);
}
