using System.Collections.Frozen;
using Sluice.LocalCluster.Cel.Syntax;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>All functions that rules of custom resources know, with the language's own and Kubernetes' additions.</summary>
internal static class Library
{
    static readonly FrozenDictionary<string, Overload[]> Functions = new[]
    {
        Arithmetic.All, Comparisons.All, Conversions.All, Collections.All, Strings.All, StringFormat.All, Times.All, Optionals.All,
        Lists.All, Sets.All, Quantities.All, Networks.All, Urls.All, FormatChecks.All,
    }.SelectMany(part => part).GroupBy(overload => overload.Name).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>All forms of a function; null when there is none of that name.</summary>
    public static IReadOnlyList<Overload>? Find(string name) => Functions.GetValueOrDefault(name);

    /// <summary>Calls a function by its name.</summary>
    public static object? Call(string name, bool isMember, object?[] values) =>
        Call(Functions[name].Where(overload => overload.IsMember == isMember), name, values);

    /// <summary>Calls that of the candidates which takes these values.</summary>
    public static object? Call(IEnumerable<Overload> candidates, string name, object?[] values)
    {
        foreach (var value in values)
        {
            if (value is CelError error)
                return error;
        }
        foreach (var overload in candidates)
        {
            if (overload.Takes(values))
                return overload.Invoke(values);
        }
        if (name == Operators.Index)
            return Collections.Dynamic(values[0], values[1]);
        return name[0] is '_' or '@' or '!' or '-' || name is "contains" or "endsWith" or "matches" or "startsWith"
            ? CelError.NoSuchOverload
            : new CelError($"no such overload: {name}");
    }
}
