using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Api.Patches;

/// <summary>JSON merge patches (RFC 7386).</summary>
internal static class MergePatches
{
    public static Func<JsonObject, JsonNode?> Parse(JsonObject patch) => target => Merge(target.DeepClone(), patch);

    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members)
            return patch?.DeepClone();
        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in members)
        {
            if (value is null)
            {
                merged.Remove(name);
                continue;
            }

            merged.TryGetPropertyValue(name, out var present);
            if (present is not null)
                merged.Remove(name, out present);
            merged[name] = Merge(present, value);
        }

        return merged;
    }
}
