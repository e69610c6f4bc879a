using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>Sets hold no value twice, map lists no keys twice. The first repetition of each is reported.</summary>
internal static class ListUniqueness
{
    public static IReadOnlyList<FieldError> Run(JsonObject obj, SchemaNode root)
    {
        var errors = new List<FieldError>();
        Node(obj, root, "", errors);
        return errors;
    }

    static void Node(JsonNode? value, SchemaNode schema, string path, List<FieldError> errors)
    {
        if (value is JsonObject obj)
        {
            foreach (var (name, member) in obj)
            {
                if (schema.Properties.TryGetValue(name, out var property))
                    Node(member, property, path.Length == 0 ? name : $"{path}.{name}", errors);
                else if (schema.AdditionalProperties is { } values)
                    Node(member, values, $"{path}[{name}]", errors);
            }
        }
        else if (value is JsonArray array)
        {
            errors.AddRange(schema.IsSetList ? Repeated(array, path) : schema.IsMapList ? RepeatedKeys(array, schema, path) : []);
            if (schema.Items is not { } items)
                return;
            for (var i = 0; i < array.Count; i++)
                Node(array[i], items, $"{path}[{i}]", errors);
        }
    }

    static IEnumerable<FieldError> RepeatedKeys(JsonArray array, SchemaNode schema, string path)
    {
        for (var i = 0; i < array.Count; i++)
        {
            if (array[i] is not (null or JsonObject))
                return [new($"{path}[{i}]", FieldErrorType.Invalid,
                    $"Invalid value: {GoText.Value(array[i])}: must be an object for an array of list-type map")];
        }
        return Repeated(array.Select(item => Keys(item as JsonObject, schema)), path);
    }

    static JsonObject Keys(JsonObject? item, SchemaNode schema)
    {
        var keys = new JsonObject();
        foreach (var name in schema.ListMapKeys)
        {
            if (item is not null && item.TryGetPropertyValue(name, out var key))
                keys[name] = key?.DeepClone();
        }
        return keys;
    }

    static IEnumerable<FieldError> Repeated(IEnumerable<JsonNode?> values, string path)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var i = 0;
        foreach (var value in values)
        {
            var times = seen[GoText.Json(value)] = seen.GetValueOrDefault(GoText.Json(value)) + 1;
            if (times == 2)
                yield return new($"{path}[{i}]", FieldErrorType.Duplicate, $"Duplicate value: {GoText.Value(value)}");
            i++;
        }
    }
}
