using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Typing;

/// <summary>What a schema is to rules: the type of <c>self</c>.</summary>
internal static class SchemaTypes
{
    static readonly SchemaNode Metadata = new()
    {
        Type = "object",
        Properties = SchemaNode.EmptyProperties
            .Add("name", new SchemaNode { Type = "string" })
            .Add("generateName", new SchemaNode { Type = "string" }),
    };

    /// <summary>The type, or null when rules cannot see such values at all.</summary>
    /// <param name="schema">The node that the rules stand at.</param>
    /// <param name="isResource">Whether it is the root of an object, whose kind, version and name are always there.</param>
    public static CelType? Of(SchemaNode schema, bool isResource) => Of(isResource ? WithMetadata(schema) : schema, "selfType");

    /// <summary>The root of an object as rules see it.</summary>
    public static SchemaNode WithMetadata(SchemaNode root) => root with
    {
        Type = "object",
        Properties = root.Properties
            .SetItem("apiVersion", new SchemaNode { Type = "string" })
            .SetItem("kind", new SchemaNode { Type = "string" })
            .SetItem("metadata", Metadata),
    };

    static CelType? Of(SchemaNode schema, string path)
    {
        if (schema.IntOrString)
            return CelType.Dyn;
        return schema.Type switch
        {
            "array" => schema.Items is { } items && Nested(items, path + ".@idx") is { } element ? CelType.List(element) : null,
            "object" when schema.AdditionalProperties is { } values && !ReferenceEquals(values, SchemaNode.Untyped) =>
                Nested(values, path + ".@elem") is { } value ? CelType.Map(CelType.String, value) : null,
            "object" => Struct(schema, path),
            "string" => schema.Limits.Format switch
            {
                "byte" => CelType.Bytes,
                "duration" => CelType.Duration,
                "date" or "date-time" => CelType.Timestamp,
                _ => CelType.String,
            },
            "boolean" => CelType.Bool,
            "number" => CelType.Double,
            "integer" => CelType.Int,
            _ => null,
        };
    }

    static CelType? Nested(SchemaNode schema, string path) =>
        Of(schema.EmbeddedResource ? WithMetadata(schema) : schema, path);

    static CelType Struct(SchemaNode schema, string path)
    {
        var fields = new Dictionary<string, CelType>(StringComparer.Ordinal);
        foreach (var (name, property) in schema.Properties)
        {
            if (FieldNames.Escape(name) is { } escaped && Nested(property, $"{path}.{escaped}") is { } type)
                fields[escaped] = type;
        }
        return CelType.Struct(path, fields);
    }
}
