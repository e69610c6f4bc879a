using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Values that may be none.</summary>
internal static class Optionals
{
    static readonly CelType V = CelType.Parameter("V");
    static readonly CelType Optional = CelType.Optional(V);
    static readonly CelType List = CelType.List(V);

    public static IEnumerable<Overload> All =>
    [
        Overload.Function("optional.of", Optional, [V], v => CelOptional.Of(v[0])),
        Overload.Function("optional.ofNonZeroValue", Optional, [V], v => IsZero(v[0]) ? CelOptional.None : CelOptional.Of(v[0])),
        Overload.Function("optional.none", Optional, [], _ => CelOptional.None),
        Overload.Method("hasValue", CelType.Bool, [Optional], v => ((CelOptional)v[0]!).HasValue),
        Overload.Method("value", V, [Optional], v => v[0] is CelOptional { HasValue: true } some ? some.Value : new CelError("optional.none() dereference")),
        Overload.Method("or", Optional, [Optional, Optional], v => v[0] is CelOptional { HasValue: true } ? v[0] : v[1]),
        Overload.Method("orValue", V, [Optional, V], v => v[0] is CelOptional { HasValue: true } some ? some.Value : v[1]),
        Overload.Function("optional.unwrap", List, [CelType.List(Optional)], v => Unwrap((CelList)v[0]!)),
        Overload.Method("unwrapOpt", List, [CelType.List(Optional)], v => Unwrap((CelList)v[0]!)),
        Overload.Method("first", Optional, [List], v => v[0] is CelList { Count: > 0 } list ? CelOptional.Of(list[0]) : CelOptional.None),
        Overload.Method("last", Optional, [List], v => v[0] is CelList { Count: > 0 } list ? CelOptional.Of(list[list.Count - 1]) : CelOptional.None),
    ];

    static MadeList Unwrap(CelList list) => new([.. list.Items.OfType<CelOptional>().Where(item => item.HasValue).Select(item => item.Value)]);

    static bool IsZero(object? value) => value switch
    {
        null or false or 0L or 0UL or 0.0 or "" => true,
        CelBytes { Length: 0 } or CelList { Count: 0 } or CelMap { Count: 0 } or CelDuration { Nanoseconds: 0 } => true,
        CelOptional optional => !optional.HasValue,
        _ => false,
    };
}
