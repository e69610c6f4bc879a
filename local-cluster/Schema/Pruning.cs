using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>
/// Takes out what the schema does not know, and remembers its paths for strict field validation. Kind, version and metadata
/// of the object and of embedded resources stay as they are.
/// </summary>
internal sealed class Pruning
{
    readonly List<string> unknown = [];

    /// <summary>Paths of what was taken out, sorted, written as the server's strict decoder writes them.</summary>
    public IReadOnlyList<string> Unknown
    {
        get
        {
            unknown.Sort(StringComparer.Ordinal);
            return unknown;
        }
    }

    public void Run(JsonObject obj, SchemaNode root) => Node(obj, root with { EmbeddedResource = true }, "");

    /// <summary>As <see cref="Run"/>, for a value inside an object.</summary>
    public void RunPart(JsonNode value, SchemaNode schema) => Node(value, schema, "");

    void Node(JsonNode? value, SchemaNode? schema, string path)
    {
        if (value is JsonObject obj)
            Object(obj, schema, path);
        else if (value is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
                Item(array[i], schema, $"{path}[{i}]");
        }
    }

    /// <summary>Preserving is inherited by the items of a list, but not by what a property declares.</summary>
    void Item(JsonNode? item, SchemaNode? list, string path)
    {
        if (list is { PreserveUnknownFields: true })
        {
            if (list.Items is { } items)
                Node(item, items with { PreserveUnknownFields = true }, path);
        }
        else
            Node(item, list?.Items, path);
    }

    void Object(JsonObject obj, SchemaNode? schema, string path)
    {
        foreach (var (name, value) in obj.ToArray())
        {
            var here = path.Length == 0 ? name : $"{path}.{name}";
            if (schema is { EmbeddedResource: true } && IsTypeOrMetadata(name))
                continue;
            if (schema?.Member(name) is { } member)
                Node(value, member, here);
            else if (schema is not { PreserveUnknownFields: true })
            {
                unknown.Add(here);
                obj.Remove(name);
            }
        }
    }

    static bool IsTypeOrMetadata(string name) => name is "apiVersion" or "kind" or "metadata";
}
