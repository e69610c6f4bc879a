using System.Collections.Immutable;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Types;

/// <summary>Built-in types as the schema nodes by which server-side apply merges. Nodes are shared between kinds.</summary>
internal static class TypeSchemas
{
    static readonly Lock Gate = new();
    static readonly Dictionary<string, SchemaNode> Cache = new(StringComparer.Ordinal);

    /// <param name="type">The type of a kind, without apiVersion and kind.</param>
    public static SchemaNode OfKind(ObjectType type)
    {
        var node = Of(type);
        return node with
        {
            Properties = node.Properties.Add("apiVersion", Text).Add("kind", Text),
        };
    }

    public static SchemaNode Metadata => Of(TypeTable.BuiltIn["meta.ObjectMeta"]);

    static SchemaNode Text { get; } = new() { Type = "string" };

    static SchemaNode Of(ObjectType type)
    {
        lock (Gate)
        {
            if (Cache.TryGetValue(type.FullName, out var known))
                return known;
            var made = new SchemaNode
            {
                Type = "object",
                Properties = type.Fields.ToImmutableSortedDictionary(field => field.Name, FieldNode, StringComparer.Ordinal),
                MapType = type.Atomic ? "atomic" : null,
            };
            return Cache[type.FullName] = made;
        }
    }

    static SchemaNode FieldNode(Field field)
    {
        var node = Of(field.Type);
        if (field.Default is not null && node.Type is "string" or "integer" or "boolean")
            node = node with { Default = field.Default };
        return field.Type.Shape switch
        {
            Shape.List => node with { ListType = field.ListType, ListMapKeys = [.. field.ListKeys] },
            Shape.Object or Shape.Map when field.ListType == "atomic" => node with { MapType = "atomic" },
            _ => node,
        };
    }

    static SchemaNode Of(ValueType type) => type.Shape switch
    {
        Shape.Object => Of(type.Object!),
        Shape.List => new SchemaNode { Type = "array", Items = Of(type.Element!) },
        Shape.Map => new SchemaNode { Type = "object", AdditionalProperties = Of(type.Element!) },
        Shape.AnyObject or Shape.Any => SchemaNode.Anything,
        Shape.Bool => new SchemaNode { Type = "boolean" },
        Shape.Int32 or Shape.Int64 => new SchemaNode { Type = "integer" },
        Shape.Number => new SchemaNode { Type = "number" },
        Shape.IntOrString or Shape.Quantity => new SchemaNode { IntOrString = true },
        _ => Text,
    };
}
