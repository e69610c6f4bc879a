using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Apply;

/// <summary>How a value takes part in a merge.</summary>
internal enum MergeShape
{
    /// <summary>One value that has one owner: a scalar, an atomic list or map.</summary>
    Leaf,

    /// <summary>Members, each with its own owner.</summary>
    Map,

    /// <summary>A keyed list or a set, each element with its own owner.</summary>
    List,
}

/// <summary>Reads from a schema how values merge. Where no schema is known, maps are granular and lists atomic.</summary>
internal static class MergeSchema
{
    /// <summary>The schema of a custom resource, with the metadata of every object put in.</summary>
    public static SchemaNode WithMetadata(SchemaNode root) => root with
    {
        Type = "object",
        Properties = root.Properties
            .SetItem("apiVersion", new SchemaNode { Type = "string" })
            .SetItem("kind", new SchemaNode { Type = "string" })
            .SetItem("metadata", TypeSchemas.Metadata),
    };

    public static MergeShape Shape(SchemaNode? schema, JsonNode? value)
    {
        if (schema is null || schema.Type.Length == 0)
            return schema is not { IntOrString: true } && value is JsonObject ? MergeShape.Map : MergeShape.Leaf;
        return schema.Type switch
        {
            "object" when schema.MapType != "atomic" => MergeShape.Map,
            "array" when schema.IsMapList || schema.IsSetList => MergeShape.List,
            _ => MergeShape.Leaf,
        };
    }

    /// <summary>Whether the schema alone says that the value is a leaf, whatever it is.</summary>
    public static MergeShape Shape(SchemaNode? schema, JsonNode? left, JsonNode? right) => Shape(schema, right ?? left);

    public static SchemaNode? Member(SchemaNode? schema, string name) => schema?.Member(name);
}
