using Sluice.LocalCluster.Cel.Syntax;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Size and index of what has parts.</summary>
internal static class Collections
{
    static readonly CelType A = CelType.Parameter("A");
    static readonly CelType B = CelType.Parameter("B");
    static readonly CelType List = CelType.List(A);
    static readonly CelType Map = CelType.Map(A, B);

    public static IEnumerable<Overload> All =>
    [
        .. Size(CelType.String, v => (long)((string)v!).EnumerateRunes().Count()),
        .. Size(CelType.Bytes, v => (long)((CelBytes)v!).Length),
        .. Size(List, v => (long)((CelList)v!).Count),
        .. Size(Map, v => (long)((CelMap)v!).Count),
        Overload.Function(Operators.Index, A, [List, CelType.Int], v => At((CelList)v[0]!, v[1])),
        Overload.Function(Operators.Index, B, [Map, A], v => At((CelMap)v[0]!, v[1])),
        Overload.Function(Operators.Index, CelType.Optional(A), [CelType.Optional(List), CelType.Int], v => OptionalAt(v[0], v[1])),
        Overload.Function(Operators.Index, CelType.Optional(B), [CelType.Optional(Map), A], v => OptionalAt(v[0], v[1])),
        Overload.Function(Operators.OptionalIndex, CelType.Optional(A), [List, CelType.Int], v => OptionalAt(v[0], v[1])),
        Overload.Function(Operators.OptionalIndex, CelType.Optional(A), [CelType.Optional(List), CelType.Int], v => OptionalAt(v[0], v[1])),
        Overload.Function(Operators.OptionalIndex, CelType.Optional(B), [Map, A], v => OptionalAt(v[0], v[1])),
        Overload.Function(Operators.OptionalIndex, CelType.Optional(B), [CelType.Optional(Map), A], v => OptionalAt(v[0], v[1])),
        Overload.Function(Operators.MapInsert, Map, [Map, A, B], v => Insert((CelMap)v[0]!, v[1]!, v[2])),
    ];

    static Overload[] Size(CelType type, Func<object?, object?> count) =>
    [
        Overload.Function("size", CelType.Int, [type], v => count(v[0])),
        Overload.Method("size", CelType.Int, [type], v => count(v[0])),
    ];

    static object? At(CelList list, object? index)
    {
        if (index is not long place)
            return new CelError($"unsupported index: {CelText.Of(index)}");
        return place >= 0 && place < list.Count ? list[(int)place] : new CelError($"index out of bounds: {place}");
    }

    /// <summary>What <c>a[b]</c> is when the type checker could not know the types.</summary>
    public static object? Dynamic(object? container, object? key) => container switch
    {
        CelList list => At(list, key),
        CelMap map => At(map, key),
        CelOptional => OptionalAt(container, key),
        _ => CelError.NoSuchKey(key),
    };

    static object? At(CelMap map, object? key) => map.TryGet(key, out var value) ? value : CelError.NoSuchKey(key);

    static CelOptional OptionalAt(object? container, object? key)
    {
        var inner = container is CelOptional optional ? optional.Value : container;
        return inner switch
        {
            CelMap map when map.TryGet(key, out var value) => CelOptional.Of(value),
            CelList list when key is long place && place >= 0 && place < list.Count => CelOptional.Of(list[(int)place]),
            _ => CelOptional.None,
        };
    }

    static object Insert(CelMap map, object key, object? value)
    {
        var copy = map as MadeMap ?? MadeMap.Empty;
        return copy.With(key, value) is { } grown ? grown : new CelError($"insert failed: key {CelText.Of(key)} already exists");
    }
}
