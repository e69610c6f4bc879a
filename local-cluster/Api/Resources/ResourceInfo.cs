using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Api.Resources;

/// <summary>How a resource is called.</summary>
/// <param name="Group">The API group; empty for core.</param>
/// <param name="Kind">The kind of its objects.</param>
/// <param name="Plural">The name in paths.</param>
/// <param name="Namespaced">Whether its objects live in namespaces.</param>
internal sealed record ResourceInfo(string Group, string Kind, string Plural, bool Namespaced)
{
    public string Singular { get; init; } = Kind.ToLowerInvariant();

    public string ListKind { get; init; } = Kind + "List";

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Whether an update may leave out the version that it replaces.</summary>
    public bool UnconditionalUpdate { get; init; } = true;

    /// <summary>As error messages and selectors write it: <c>deployments.apps</c>.</summary>
    public string Qualified => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

/// <summary>One version in which a resource is served.</summary>
/// <param name="Name">The version, <c>v1</c>.</param>
internal sealed record ServedVersion(string Name)
{
    /// <summary>Whether <c>/status</c> is served and the rest of the object guarded from it.</summary>
    public bool Status { get; init; }

    public ScalePaths? Scale { get; init; }

    /// <summary>A warning that clients of a deprecated version get.</summary>
    public string? Deprecation { get; init; }

    /// <summary>Subresources beyond status and scale.</summary>
    public IReadOnlyList<Subresource> Others { get; init; } = [];
}

internal sealed record Subresource(string Name, string Group, string Version, string Kind, params IReadOnlyList<string> Verbs);

/// <summary>Where <c>/scale</c> finds its numbers, as member names from the object's root.</summary>
internal sealed record ScalePaths(IReadOnlyList<string> SpecReplicas, IReadOnlyList<string> StatusReplicas, IReadOnlyList<string>? LabelSelector);

/// <summary>What was noticed while an object was read: it is warned of or refused, as the request says.</summary>
internal sealed class Reading
{
    /// <summary>Members that occur twice, as paths.</summary>
    public List<string> Duplicates { get; } = [];

    /// <summary>Members that the kind does not have.</summary>
    public List<string> Unknown { get; } = [];
}

/// <summary>One write as the rules of a kind see it, in the storage version.</summary>
/// <param name="Object">The new state.</param>
/// <param name="Old">The stored state; null on create.</param>
/// <param name="Subresource">Through which door; empty for the object itself.</param>
internal sealed record Write(JsonObject Object, JsonObject? Old, string Subresource);

/// <summary>Group and version as one word.</summary>
internal static class GroupVersions
{
    public static string Join(string group, string version) => group.Length == 0 ? version : $"{group}/{version}";

    public static (string Group, string Version) Split(string apiVersion)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
    }
}
