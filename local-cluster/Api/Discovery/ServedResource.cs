using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Resources;

namespace Sluice.LocalCluster.Api.Discovery;

/// <summary>One resource of one version with its subresources, as discovery describes it.</summary>
internal sealed record ServedResource(string Group, string Version, ResourceInfo Info, IReadOnlyList<string> Verbs, IReadOnlyList<Subresource> Subresources)
{
    static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    static readonly string[] StatusVerbs = ["get", "patch", "update"];
    static readonly string[] CreateOnly = ["create"];

    /// <summary>Resources that only answer questions; they store nothing.</summary>
    public static IReadOnlyList<ServedResource> Reviews { get; } =
    [
        Review("authentication.k8s.io", "SelfSubjectReview", namespaced: false),
        Review("authorization.k8s.io", "LocalSubjectAccessReview", namespaced: true),
        Review("authorization.k8s.io", "SelfSubjectAccessReview", namespaced: false),
        Review("authorization.k8s.io", "SelfSubjectRulesReview", namespaced: false),
        Review("authorization.k8s.io", "SubjectAccessReview", namespaced: false),
    ];

    public static ServedResource Of(IKind kind, ServedVersion version)
    {
        var group = kind.Info.Group;
        var subresources = new List<Subresource>();
        if (version.Status)
            subresources.Add(new("status", group, version.Name, kind.Info.Kind, StatusVerbs));
        if (version.Scale is not null)
            subresources.Add(new("scale", "autoscaling", "v1", "Scale", StatusVerbs));
        subresources.AddRange(version.Others);
        return new(group, version.Name, kind.Info, AllVerbs, [.. subresources.OrderBy(one => one.Name, StringComparer.Ordinal)]);
    }

    /// <summary>The entries of an <c>APIResourceList</c>.</summary>
    public IEnumerable<JsonNode> Flat()
    {
        var entry = new JsonObject
        {
            ["name"] = Info.Plural,
            ["singularName"] = Info.Singular,
            ["namespaced"] = Info.Namespaced,
            ["kind"] = Info.Kind,
            ["verbs"] = List(Verbs),
        };
        AddNames(entry);
        yield return entry;
        foreach (var sub in Subresources)
        {
            var below = new JsonObject { ["name"] = $"{Info.Plural}/{sub.Name}", ["singularName"] = "", ["namespaced"] = Info.Namespaced };
            if (sub.Group != Group || sub.Version != Version)
            {
                below["group"] = sub.Group;
                below["version"] = sub.Version;
            }

            below["kind"] = sub.Kind;
            below["verbs"] = List(sub.Verbs);
            yield return below;
        }
    }

    /// <summary>The entry of an aggregated document.</summary>
    public JsonNode Nested()
    {
        var entry = new JsonObject
        {
            ["resource"] = Info.Plural,
            ["responseKind"] = KindOf(Group, Version, Info.Kind),
            ["scope"] = Info.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = Info.Singular,
            ["verbs"] = List(Verbs),
        };
        AddNames(entry);
        if (Subresources.Count > 0)
        {
            entry["subresources"] = new JsonArray([.. Subresources.Select(sub => new JsonObject
            {
                ["subresource"] = sub.Name,
                ["responseKind"] = KindOf(sub.Group, sub.Version, sub.Kind),
                ["verbs"] = List(sub.Verbs),
            })]);
        }

        return entry;
    }

    void AddNames(JsonObject entry)
    {
        if (Info.ShortNames.Count > 0)
            entry["shortNames"] = List(Info.ShortNames);
        if (Info.Categories.Count > 0)
            entry["categories"] = List(Info.Categories);
    }

    static ServedResource Review(string group, string kind, bool namespaced) =>
        new(group, "v1", new ResourceInfo(group, kind, kind.ToLowerInvariant() + "s", namespaced), CreateOnly, []);

    static JsonObject KindOf(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
