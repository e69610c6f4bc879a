using System.Text.Json;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Garbage;

/// <summary>Follows the objects of one kind that is known only at run time, and feeds them to the graph.</summary>
internal sealed class MetadataWatch(
    KubeClient client, ResourceKind kind, OwnerGraph graph, Action<IReadOnlyList<string>> changed, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Lists and watches, and lists again whenever a watch ends, until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                var version = await ListAsync(cancel);
                await WatchAsync(version, cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                log.MetadataWatchBroke(e, kind.ToString());
                await Task.Delay(Pause, time, cancel);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken cancel)
    {
        var known = graph.Of(kind).ToHashSet();
        var list = await client.GetJsonAsync(kind.CollectionPath(), cancel);
        foreach (var item in list.GetProperty("items").EnumerateArray())
        {
            var node = GraphNode.Read(kind, item);
            known.Remove(node.Uid);
            changed(graph.Put(node));
        }
        foreach (var uid in known)
            changed(graph.Remove(uid));
        return list.GetProperty("metadata").GetProperty("resourceVersion").GetString() ?? "";
    }

    private async Task WatchAsync(string version, CancellationToken cancel)
    {
        var path = $"{kind.CollectionPath()}?watch=true&resourceVersion={Uri.EscapeDataString(version)}";
        using var response = await client.RawAsync(HttpMethod.Get, path, null, cancel);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            var item = JsonSerializer.Deserialize(line, KubeJson.Default.JsonElement);
            var type = item.GetProperty("type").GetString();
            if (type == "ERROR")
                return;
            if (type == "BOOKMARK")
                continue;
            var node = GraphNode.Read(kind, item.GetProperty("object"));
            changed(type == "DELETED" ? graph.Remove(node.Uid) : graph.Put(node));
        }
    }
}
