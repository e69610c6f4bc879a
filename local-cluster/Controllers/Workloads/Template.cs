using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>Compares pod templates and gives them a hash; pure.</summary>
internal static class Template
{
    internal const string HashLabel = "pod-template-hash";

    /// <summary>Equal but for the hash, which only the ReplicaSet's template carries.</summary>
    internal static bool Same(JsonElement a, JsonElement b) => JsonNode.DeepEquals(Normal(a), Normal(b));

    /// <param name="template">The Deployment's template.</param>
    /// <param name="collisions">Changes the hash when another template has got it already.</param>
    internal static string Hash(JsonElement template, int collisions) =>
        Names.Encode(Names.Hash($"{Sorted(Normal(template))!.ToJsonString()}{(collisions > 0 ? collisions : "")}"));

    internal static JsonElement WithHash(JsonElement template, string hash)
    {
        var node = Normal(template);
        var metadata = node["metadata"] as JsonObject ?? [];
        node["metadata"] = metadata;
        var labels = metadata["labels"] as JsonObject ?? [];
        metadata["labels"] = labels;
        labels[HashLabel] = hash;
        return JsonSerializer.SerializeToElement(node, LocalJson.Default.JsonObject);
    }

    // "creationTimestamp": null is what Go writes for an empty time, and means nothing.
    private static JsonObject Normal(JsonElement template)
    {
        var node = JsonObject.Create(template) ?? [];
        node = node.DeepClone().AsObject();
        if (node["metadata"] is not JsonObject metadata)
            return node;
        metadata.Remove("creationTimestamp");
        if (metadata["labels"] is JsonObject labels)
        {
            labels.Remove(HashLabel);
            if (labels.Count == 0)
                metadata.Remove("labels");
        }
        if (metadata.Count == 0)
            node.Remove("metadata");
        return node;
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
