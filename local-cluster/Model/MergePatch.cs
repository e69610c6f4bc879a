using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Model;

/// <summary>JSON merge patches (RFC 7396): what turns one document into another.</summary>
internal static class MergePatch
{
    /// <summary>Null when there is no difference. Lists are replaced as a whole; an absent member is set to null.</summary>
    internal static JsonObject? Between(JsonObject? from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in to)
        {
            var old = from?[name];
            if (JsonNode.DeepEquals(old, value))
                continue;
            patch[name] = old is JsonObject before && value is JsonObject after ? Between(before, after) : value?.DeepClone();
        }
        foreach (var (name, value) in from ?? [])
        {
            if (value is not null && !to.ContainsKey(name))
                patch[name] = null;
        }
        return patch.Count == 0 ? null : patch;
    }
}
