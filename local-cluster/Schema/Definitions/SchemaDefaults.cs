using System.Text.Json.Nodes;
using Sluice.LocalCluster.Cel.Rules;

namespace Sluice.LocalCluster.Schema.Definitions;

/// <summary>Defaults must be what their own schema accepts, with nothing in them that it does not know.</summary>
internal static class SchemaDefaults
{
    public static void Validate(SchemaNode schema, string path, ErrorList errors)
    {
        if (schema.Default is { } initial)
            Default(schema, initial, $"{path}.default", errors);
        // Defaults in the values of maps are forbidden, so there is nothing to follow there.
        if (schema.Items is { } items)
            Validate(items, $"{path}.items", errors);
        foreach (var (name, property) in schema.Properties)
            Validate(property, $"{path}.properties[{name}]", errors);
    }

    static void Default(SchemaNode schema, JsonNode initial, string path, ErrorList errors)
    {
        var pruned = initial.DeepClone();
        if (pruned is JsonObject obj)
            new Pruning().RunPart(obj, schema);
        if (!JsonNode.DeepEquals(pruned, initial))
            errors.Invalid(path, initial, "must not have unknown fields");
        var wrong = new ValueValidation(path).Run(initial, schema, correlation: null);
        errors.AddRange(wrong);
        if (wrong.Count == 0 && RuleTree.Of(schema, isResource: false) is { } rules)
            errors.AddRange(rules.CheckPart(initial, path));
    }
}
