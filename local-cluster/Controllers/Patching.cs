using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers;

/// <summary>Writes that send no more than what differs.</summary>
internal static class Patching
{
    /// <summary>Brings the status of an object to the wanted one; nothing is sent when it is so already.</summary>
    internal static async Task WriteStatusAsync<T, TStatus>(
        this KubeClient client, T target, TStatus? observed, TStatus wanted, JsonTypeInfo<TStatus> type, CancellationToken cancel)
        where T : class, IKubeObject<T>
        where TStatus : class
    {
        var before = observed is null ? null : JsonSerializer.SerializeToNode(observed, type)!.AsObject();
        if (MergePatch.Between(before, JsonSerializer.SerializeToNode(wanted, type)!.AsObject()) is not { } difference)
            return;
        var patch = Precondition(target, withVersion: false);
        patch["status"] = difference;
        try
        {
            await client.MergePatchAsync<T>(target.Metadata.Key, Element(patch), "status", cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // It is gone, and with it what there was to say of it.
        }
    }

    /// <summary>Merges into an object that must still be the one that was read, in the same state.</summary>
    internal static Task<T> MergeAsync<T>(this KubeClient client, T target, JsonObject change, CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        var patch = Precondition(target, withVersion: true);
        foreach (var (name, value) in change)
        {
            if (name == "metadata" && value is JsonObject metadata)
            {
                foreach (var (field, content) in metadata)
                    patch["metadata"]![field] = content?.DeepClone();
            }
            else
            {
                patch[name] = value?.DeepClone();
            }
        }
        return client.MergePatchAsync<T>(target.Metadata.Key, Element(patch), null, cancel);
    }

    /// <summary>Deletes this incarnation; one that is gone already is as good.</summary>
    internal static async Task DeleteExactlyAsync<T>(this KubeClient client, T target, CancellationToken cancel, string? policy = null)
        where T : class, IKubeObject<T>
    {
        try
        {
            var options = new DeleteOptions { Uid = target.Metadata.Uid, PropagationPolicy = policy };
            await client.DeleteAsync<T>(target.Metadata.Key, options, cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound || e.IsConflict)
        {
            // Somebody was faster.
        }
    }

    /// <summary>Labels or annotations to merge.</summary>
    internal static JsonObject Strings(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    internal static JsonElement Element(JsonObject patch) => JsonSerializer.SerializeToElement(patch, LocalJson.Default.JsonObject);

    private static JsonObject Precondition(IKubeObject target, bool withVersion)
    {
        var metadata = new JsonObject { ["uid"] = target.Metadata.Uid };
        if (withVersion)
            metadata["resourceVersion"] = target.Metadata.ResourceVersion;
        return new JsonObject { ["metadata"] = metadata };
    }
}
