using System.Text.Json.Nodes;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Apply;

/// <summary>Lays an applied object over the live one. Arguments stay as they are.</summary>
internal static class Merging
{
    /// <exception cref="FieldPathException">The applied object has elements that cannot be told apart.</exception>
    public static JsonObject Merge(JsonObject live, JsonObject applied, SchemaNode schema) => Members(live, applied, schema);

    static JsonNode? Value(JsonNode? live, JsonNode? applied, bool hasApplied, SchemaNode? schema)
    {
        if (!hasApplied)
            return live?.DeepClone();
        var shape = MergeSchema.Shape(schema, applied ?? live);
        if (shape == MergeShape.Map && live is JsonObject { Count: > 0 } or null && applied is JsonObject or null && (live ?? applied) is not null)
            return applied is null && live is null ? null : Members(live as JsonObject ?? [], applied as JsonObject ?? [], schema);
        if (shape == MergeShape.List && (live is JsonArray { Count: > 0 } || applied is JsonArray { Count: > 0 }))
            return Elements(live as JsonArray ?? [], applied as JsonArray ?? [], schema!);
        return applied?.DeepClone();
    }

    static JsonObject Members(JsonObject live, JsonObject applied, SchemaNode? schema)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in live)
        {
            var hasApplied = applied.TryGetPropertyValue(name, out var given);
            merged[name] = Value(value, given, hasApplied, schema?.Member(name));
        }

        foreach (var (name, value) in applied)
        {
            if (!live.ContainsKey(name))
                merged[name] = Value(null, value, hasApplied: true, schema?.Member(name));
        }

        return merged;
    }

    /// <summary>
    /// Elements that both have stand in the applied order; elements that only the live list has keep their place before
    /// the shared element that followed them.
    /// </summary>
    static JsonArray Elements(JsonArray live, JsonArray applied, SchemaNode schema)
    {
        var ours = live.Select(item => PathElement.Element(schema, item)).ToList();
        var theirs = Distinct(applied, schema);
        var liveByKey = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        for (var i = 0; i < ours.Count; i++)
        {
            // Of elements that share a key none is merged into.
            liveByKey[ours[i]] = liveByKey.ContainsKey(ours[i]) ? null : live[i];
        }

        var merged = new JsonArray();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var shared = new Queue<string>(theirs.Keys.Where(liveByKey.ContainsKey));
        var order = theirs.Keys.ToList();
        var (l, r) = (0, 0);
        while (l < ours.Count || r < order.Count)
        {
            if (l < ours.Count && r < order.Count && ours[l] != order[r]
                && theirs.ContainsKey(ours[l]) && shared.Count > 0 && shared.Peek() != ours[l])
            {
                l++;
                continue;
            }

            var both = l < ours.Count && r < order.Count && ours[l] == order[r];
            if (!both && l < ours.Count && !theirs.ContainsKey(ours[l]))
            {
                merged.Add(live[l++]?.DeepClone());
                continue;
            }

            if (!both && l < ours.Count && done.Contains(ours[l]))
                l++;
            if (r >= order.Count)
                continue;
            var key = order[r++];
            done.Add(key);
            merged.Add(Value(liveByKey.GetValueOrDefault(key), theirs[key], hasApplied: true, schema.Items));
            if (both)
                l++;
            if (shared.Count > 0 && shared.Peek() == key)
                shared.Dequeue();
        }

        return merged;
    }

    static OrderedDictionary<string, JsonNode?> Distinct(JsonArray applied, SchemaNode schema)
    {
        var distinct = new OrderedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in applied)
        {
            var element = PathElement.Element(schema, item);
            if (!distinct.TryAdd(element, item))
                throw new FieldPathException($"duplicate entries for key {PathElement.Show(element)}");
        }

        return distinct;
    }
}
