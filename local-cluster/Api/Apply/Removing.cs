using System.Text.Json.Nodes;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Apply;

/// <summary>Takes a set of paths out of an object. The argument stays as it is.</summary>
internal static class Removing
{
    public static JsonObject Remove(JsonObject from, FieldSet paths, SchemaNode schema) =>
        Without(from, paths, schema) as JsonObject ?? [];

    static JsonNode? Without(JsonNode? value, FieldSet paths, SchemaNode? schema) => MergeSchema.Shape(schema, value) switch
    {
        MergeShape.Map when value is JsonObject members => Members(members, paths, schema),
        MergeShape.List when value is JsonArray items => Elements(items, paths, schema!),
        MergeShape.Leaf when value is JsonValue => value.DeepClone(),
        // A path below an atomic value takes all of it.
        _ => null,
    };

    static JsonObject? Members(JsonObject members, FieldSet paths, SchemaNode? schema)
    {
        var rest = new JsonObject();
        var reached = false;
        foreach (var (name, value) in members)
        {
            var element = PathElement.Member(name);
            if (paths.Has(element))
                continue;
            var below = paths.Below(element);
            reached |= !below.IsEmpty;
            rest[name] = below.IsEmpty ? value?.DeepClone() : Without(value, below, schema?.Member(name)) ?? Hollow(value);
        }

        return rest.Count > 0 || reached ? rest : null;
    }

    static JsonArray? Elements(JsonArray items, FieldSet paths, SchemaNode schema)
    {
        var rest = new JsonArray();
        var reached = false;
        foreach (var item in items)
        {
            var element = PathElement.Element(schema, item);
            if (paths.Has(element))
                continue;
            var below = paths.Below(element);
            reached |= !below.IsEmpty;
            rest.Add(below.IsEmpty ? item?.DeepClone() : Without(item, below, schema.Items) ?? Hollow(item));
        }

        return rest.Count > 0 || reached ? rest : null;
    }

    /// <summary>What lost all it had stays, empty: only a path that names it removes it.</summary>
    static JsonNode? Hollow(JsonNode? value) => value switch
    {
        JsonObject => new JsonObject(),
        JsonArray => new JsonArray(),
        _ => null,
    };
}
