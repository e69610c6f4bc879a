using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>
/// Puts in the schema's defaults. A null where null is not allowed counts as absent: it becomes the default, or goes away
/// (except as an item of a list, where it stays and fails validation).
/// </summary>
internal static class Defaulting
{
    public static void Run(JsonNode? value, SchemaNode? schema)
    {
        if (schema is null)
            return;
        if (value is JsonObject obj)
            Object(obj, schema);
        else if (value is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                if (array[i] is null && schema.Items is { Nullable: false, Default: { } initial })
                    array[i] = initial.DeepClone();
                Run(array[i], schema.Items);
            }
        }
    }

    static void Object(JsonObject obj, SchemaNode schema)
    {
        foreach (var (name, property) in schema.Properties)
        {
            if (property.Default is { } initial && IsAbsent(obj, name, property))
                obj[name] = initial.DeepClone();
        }
        foreach (var (name, value) in obj.ToArray())
        {
            if (schema.Member(name) is not { } member)
                continue;
            if (value is null && !member.Nullable)
                Replace(obj, name, member.Default);
            Run(obj[name], member);
        }
    }

    static bool IsAbsent(JsonObject obj, string name, SchemaNode property) =>
        !obj.TryGetPropertyValue(name, out var present) || (present is null && !property.Nullable);

    static void Replace(JsonObject obj, string name, JsonNode? initial)
    {
        if (initial is null)
            obj.Remove(name);
        else
            obj[name] = initial.DeepClone();
    }
}
