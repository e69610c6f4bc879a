using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>
/// A value beside the one that it replaces. Members of objects correspond by name, items of map lists by their keys, items of
/// other lists not at all. An error in a part that did not change is forgiven (ratcheting), so that a schema may get
/// stricter without freezing what was stored before.
/// </summary>
internal sealed class Correlation(JsonNode? value, JsonNode? old, SchemaNode schema)
{
    readonly Dictionary<object, Correlation?> children = [];
    bool? unchanged;
    MapListIndex? oldItems;

    public JsonNode? Old => old;

    public bool Unchanged => unchanged ??= Compare();

    /// <summary>The member's pair, or null when it was not there before or the schema does not know it.</summary>
    public Correlation? Member(string name) => Child(name, () =>
        value is JsonObject now && old is JsonObject then && schema.Member(name) is { } member
        && now.TryGetPropertyValue(name, out var present) && then.TryGetPropertyValue(name, out var previous)
            ? new Correlation(present, previous, member)
            : null);

    /// <summary>The item's pair; null when the list is no map list, or no earlier item has the same keys.</summary>
    public Correlation? Item(int index) => Child(index, () =>
        value is JsonArray now && old is JsonArray then && schema is { IsMapList: true, Items: { } items }
        && (oldItems ??= new MapListIndex(schema, then)).Find(now[index]) is { } previous
            ? new Correlation(now[index], previous, items)
            : null);

    Correlation? Child(object key, Func<Correlation?> make)
    {
        if (!children.TryGetValue(key, out var child))
            children[key] = child = make();
        return child;
    }

    bool Compare() => (value, old) switch
    {
        (JsonArray now, JsonArray then) => now.Count == then.Count && (schema.IsMapList
            ? Enumerable.Range(0, now.Count).All(i => Item(i) is { Unchanged: true })
            : JsonNode.DeepEquals(now, then)),
        (JsonObject now, JsonObject then) => now.Count == then.Count && now.All(member => SameMember(member.Key, member.Value, then)),
        _ => JsonNode.DeepEquals(value, old),
    };

    bool SameMember(string name, JsonNode? present, JsonObject then) => Member(name) is { } child
        ? child.Unchanged
        : schema.Member(name) is null && then.TryGetPropertyValue(name, out var previous) && JsonNode.DeepEquals(present, previous);
}

/// <summary>The items of a map list by their keys. Of several with the same keys the first counts; one without is not found.</summary>
internal sealed class MapListIndex
{
    readonly SchemaNode schema;
    readonly Dictionary<string, JsonNode> items = new(StringComparer.Ordinal);

    public MapListIndex(SchemaNode list, JsonArray? array)
    {
        schema = list;
        foreach (var item in list.IsMapList && array is not null ? array : [])
        {
            if (Key(item) is { } key)
                items.TryAdd(key, item!);
        }
    }

    public JsonNode? Find(JsonNode? item) => Key(item) is { } key ? items.GetValueOrDefault(key) : null;

    string? Key(JsonNode? item)
    {
        if (item is not JsonObject obj || schema.ListMapKeys.IsEmpty)
            return null;
        var parts = schema.ListMapKeys.Select(name => obj.TryGetPropertyValue(name, out var part) ? part : null).ToArray();
        return Array.TrueForAll(parts, part => part is JsonValue) ? string.Join('\n', parts.Select(GoText.Json)) : null;
    }
}
