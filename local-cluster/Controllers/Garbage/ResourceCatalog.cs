using System.Text.Json;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Garbage;

/// <summary>The kinds that the server has now and that can be listed, watched and deleted, each in one version.</summary>
internal static class ResourceCatalog
{
    internal static async Task<IReadOnlyList<ResourceKind>> ReadAsync(KubeClient client, CancellationToken cancel)
    {
        var kinds = new List<ResourceKind>();
        kinds.AddRange(Kinds("", "v1", await client.GetJsonAsync("/api/v1", cancel)));
        var groups = await client.GetJsonAsync("/apis", cancel);
        foreach (var group in groups.GetProperty("groups").EnumerateArray())
        {
            var name = group.GetProperty("name").GetString()!;
            var version = group.GetProperty("preferredVersion").GetProperty("version").GetString()!;
            kinds.AddRange(Kinds(name, version, await client.GetJsonAsync($"/apis/{name}/{version}", cancel)));
        }
        // Events of both groups are the same objects.
        return [.. kinds.Where(kind => kind is not { Group: "events.k8s.io" })];
    }

    private static IEnumerable<ResourceKind> Kinds(string group, string version, JsonElement list) =>
        list.GetProperty("resources").EnumerateArray()
            .Where(resource => !resource.GetProperty("name").GetString()!.Contains('/') && Supports(resource, "list", "watch", "delete"))
            .Select(resource => new ResourceKind(
                group, version, resource.GetProperty("kind").GetString()!, resource.GetProperty("name").GetString()!,
                resource.GetProperty("namespaced").GetBoolean()));

    private static bool Supports(JsonElement resource, params ReadOnlySpan<string> verbs)
    {
        var offered = resource.GetProperty("verbs").EnumerateArray().Select(verb => verb.GetString()).ToHashSet();
        foreach (var verb in verbs)
        {
            if (!offered.Contains(verb))
                return false;
        }
        return true;
    }
}
