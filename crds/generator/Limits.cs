using System.Reflection;
using System.Text.Json.Nodes;
using Sluice.Operator.Api.Schema;

namespace Sluice.Crds;

/// <summary>What the attributes of a property add to its schema.</summary>
internal static class Limits
{
    public static void Apply(JsonObject node, PropertyInfo property)
    {
        foreach (var attribute in property.GetCustomAttributes())
            Apply(node, attribute);
        ApplyRules(node, property.GetCustomAttributes<CelAttribute>());
    }

    static void Apply(JsonObject node, Attribute attribute)
    {
        switch (attribute)
        {
            case PatternAttribute pattern: Text(node)["pattern"] = pattern.Pattern; break;
            case MinLengthAttribute least: Text(node)["minLength"] = least.Value; break;
            case MaxLengthAttribute most: Text(node)["maxLength"] = most.Value; break;
            case OneOfAttribute values: Text(node)["enum"] = Strings(values.Values); break;
            case MinimumAttribute least: Bound(node, "inimum", least.Value, least.Exclusive); break;
            case MaximumAttribute most: Bound(node, "aximum", most.Value, most.Exclusive); break;
            case MinItemsAttribute least: node[IsList(node) ? "minItems" : "minProperties"] = least.Value; break;
            case MaxItemsAttribute most: node[IsList(node) ? "maxItems" : "maxProperties"] = most.Value; break;
            case CrdDefaultAttribute initial: node["default"] = JsonNode.Parse(initial.Json); break;
            default: ApplyShape(node, attribute); break;
        }
    }

    static void ApplyShape(JsonObject node, Attribute attribute)
    {
        switch (attribute)
        {
            case ListMapAttribute list:
                node["x-kubernetes-list-type"] = "map";
                node["x-kubernetes-list-map-keys"] = Strings(list.Keys);
                break;
            case ListSetAttribute: node["x-kubernetes-list-type"] = "set"; break;
            case ListAtomicAttribute: node["x-kubernetes-list-type"] = "atomic"; break;
            case MapAtomicAttribute: node["x-kubernetes-map-type"] = "atomic"; break;
        }
    }

    public static void ApplyRules(JsonObject node, IEnumerable<CelAttribute> rules)
    {
        foreach (var rule in rules)
        {
            var list = node["x-kubernetes-validations"]?.AsArray();
            if (list is null)
                node["x-kubernetes-validations"] = list = [];
            list.Add((JsonNode)Rule(rule));
        }
    }

    static JsonObject Rule(CelAttribute rule)
    {
        var result = new JsonObject { ["rule"] = rule.Rule, ["message"] = rule.Message };
        if (rule.MessageExpression is { } expression)
            result["messageExpression"] = expression;
        if (rule.Reason is { } reason)
            result["reason"] = reason;
        if (rule.FieldPath is { } path)
            result["fieldPath"] = path;
        return result;
    }

    /// <summary>Limits of text on a list or a map are those of its items.</summary>
    static JsonObject Text(JsonObject node) => (node["items"] ?? node["additionalProperties"] ?? node).AsObject();

    static bool IsList(JsonObject node) => (string?)node["type"] == "array";

    static void Bound(JsonObject node, string name, double value, bool exclusive)
    {
        node["m" + name] = value == Math.Truncate(value) ? JsonValue.Create((long)value) : JsonValue.Create(value);
        if (exclusive)
            node["exclusiveM" + name] = true;
    }

    static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];
}
