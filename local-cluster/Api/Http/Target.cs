namespace Sluice.LocalCluster.Api.Http;

/// <summary>What the path of a resource request names.</summary>
/// <param name="Group">Empty for core.</param>
/// <param name="Version">The API version.</param>
/// <param name="Namespace">Empty for cluster-wide requests.</param>
/// <param name="Resource">The plural name.</param>
/// <param name="Name">Empty for a collection.</param>
/// <param name="Subresource">Empty for the object itself.</param>
/// <param name="Rest">What follows the subresource, for proxies; starts with a slash when there is any.</param>
internal sealed record Target(
    string Group, string Version, string Namespace, string Resource, string Name, string Subresource, string Rest)
{
    static readonly string[] NamespaceSubresources = ["status", "finalize"];

    /// <summary>Reads <c>/api/v1/…</c> and <c>/apis/GROUP/VERSION/…</c>; null for any other path.</summary>
    /// <param name="path">The decoded path.</param>
    public static Target? Parse(string path)
    {
        var parts = path.TrimStart('/').Split('/');
        var (group, at) = parts[0] switch
        {
            "api" => ("", 1),
            "apis" when parts.Length > 1 => (parts[1], 2),
            _ => ("", parts.Length),
        };
        if (at + 1 >= parts.Length || parts[at + 1].Length == 0)
            return null;
        var version = parts[at++];
        var ns = "";
        if (parts[at] == "namespaces" && parts.Length > at + 2 && !(parts.Length == at + 3 && NamespaceSubresources.Contains(parts[at + 2])))
        {
            ns = parts[at + 1];
            at += 2;
        }

        string Part(int offset) => at + offset < parts.Length ? parts[at + offset] : "";
        var rest = at + 3 < parts.Length ? "/" + string.Join('/', parts[(at + 3)..]) : "";
        return new Target(group, version, ns, Part(0), Part(1), Part(2), rest);
    }
}
