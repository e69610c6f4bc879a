using System.Text.Json.Nodes;
using Sluice.LocalCluster.Cel.Rules;

namespace Sluice.LocalCluster.Schema.Definitions;

/// <summary>Rules must compile, and speak of the old value only where old and new can be told to belong together.</summary>
internal static class DefinedRules
{
    public static void Validate(JsonObject schema, SchemaNode node, string path, ErrorList errors)
    {
        foreach (var (place, tree) in RuleTree.Of(node, isResource: true)?.Places(path) ?? [])
        {
            for (var i = 0; i < tree.Rules.Count; i++)
                Rule(tree.Rules[i], $"{place}.x-kubernetes-validations[{i}]", Uncorrelatable(node, path, place), errors);
        }
    }

    static void Rule(CompiledRule rule, string path, string? uncorrelatable, ErrorList errors)
    {
        if (rule.Error.Length > 0)
            errors.InvalidShown($"{path}.rule", Shown(rule.Source), rule.Error);
        if (rule.MessageError.Length > 0)
            errors.InvalidShown($"{path}.messageExpression", Shown(rule.Source), rule.MessageError);
        if (rule.UsesOldSelf && uncorrelatable is not null)
            errors.Invalid($"{path}.rule", rule.Source.Rule, $"oldSelf cannot be used on the uncorrelatable portion of the schema within {uncorrelatable}");
        if (!rule.UsesOldSelf && rule.Source.OptionalOldSelf is { } optional)
            errors.Invalid($"{path}.optionalOldSelf", optional, "may not be set if oldSelf is not used in rule");
    }

    /// <summary>The rule as the API server's internal type prints itself.</summary>
    static string Shown(CelRule rule)
    {
        (string Name, JsonNode? Value)[] fields =
        [
            ("Rule", rule.Rule), ("Message", rule.Message ?? ""), ("MessageExpression", rule.MessageExpression ?? ""),
            ("Reason", rule.Reason), ("FieldPath", rule.FieldPath ?? ""), ("OptionalOldSelf", rule.OptionalOldSelf),
        ];
        return $"{{{string.Join(',', fields.Select(field => $"\"{field.Name}\":{GoText.Json(field.Value)}"))}}}";
    }

    /// <summary>The outermost list around the place whose items have no identity.</summary>
    static string? Uncorrelatable(SchemaNode node, string path, string place)
    {
        if (node.Items is { } items && place.StartsWith($"{path}.items", StringComparison.Ordinal))
            return node.IsMapList ? Uncorrelatable(items, $"{path}.items", place) : path;
        if (node.AdditionalProperties is { } values && place.StartsWith($"{path}.additionalProperties", StringComparison.Ordinal))
            return Uncorrelatable(values, $"{path}.additionalProperties", place);
        foreach (var (name, property) in node.Properties)
        {
            if (place.StartsWith($"{path}.properties[{name}]", StringComparison.Ordinal))
                return Uncorrelatable(property, $"{path}.properties[{name}]", place);
        }
        return null;
    }
}
