using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Typing;

/// <summary>Types that expressions can name, as in <c>type(x) == string</c>.</summary>
internal static class TypeNames
{
    static readonly Dictionary<string, CelType> Known = new(StringComparer.Ordinal)
    {
        ["bool"] = CelType.Bool,
        ["bytes"] = CelType.Bytes,
        ["double"] = CelType.Double,
        ["google.protobuf.Duration"] = CelType.Duration,
        ["google.protobuf.Timestamp"] = CelType.Timestamp,
        ["int"] = CelType.Int,
        ["list"] = CelType.List(CelType.Dyn),
        ["map"] = CelType.Map(CelType.Dyn, CelType.Dyn),
        ["net.CIDR"] = CelType.Cidr,
        ["net.IP"] = CelType.Ip,
        ["null_type"] = CelType.Null,
        ["optional_type"] = CelType.Optional(CelType.Dyn),
        ["string"] = CelType.String,
        ["type"] = CelType.Type,
        ["uint"] = CelType.Uint,
    };

    /// <summary>The type of the name as an expression, <c>type(T)</c>.</summary>
    public static CelType? Find(string name) => Known.TryGetValue(name, out var type) ? CelType.TypeOf(type) : null;

    public static CelTypeValue? Value(string name) => Known.ContainsKey(name) ? new CelTypeValue(name) : null;
}
