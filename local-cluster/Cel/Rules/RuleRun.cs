using System.Text.Json.Nodes;
using Sluice.LocalCluster.Cel.Values;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Rules;

/// <summary>One pass over one object, within one budget.</summary>
internal sealed class RuleRun
{
    /// <summary>What the API server grants to all rules of an object together.</summary>
    const long TotalBudget = 10_000_000;

    readonly List<FieldError> errors = [];
    long budget = TotalBudget;

    public IReadOnlyList<FieldError> Errors => errors;

    /// <returns>False when the budget is used up, and nothing more is checked.</returns>
    public bool Node(RuleTree tree, string? path, JsonNode? value, JsonNode? old, Ratchet ratchet)
    {
        if (value is null)
            return true;
        if (!Rules(tree, path, value, old, ratchet))
            return false;
        return value switch
        {
            JsonArray array => Items(tree, path, array, old as JsonArray, ratchet),
            JsonObject obj => Members(tree, path, obj, old as JsonObject, ratchet),
            _ => true,
        };
    }

    bool Items(RuleTree tree, string? path, JsonArray array, JsonArray? old, Ratchet ratchet)
    {
        if (tree.Items is not { } items)
            return true;
        // Only items of map lists correspond to earlier ones.
        var earlier = new MapListIndex(tree.Schema, old);
        for (var i = 0; i < array.Count; i++)
        {
            if (!Node(items, $"{path}[{i}]", array[i], earlier.Find(array[i]), ratchet.Item(i)))
                return false;
        }
        return true;
    }

    bool Members(RuleTree tree, string? path, JsonObject obj, JsonObject? old, Ratchet ratchet)
    {
        foreach (var (name, value) in obj)
        {
            var previous = old is not null && old.TryGetPropertyValue(name, out var found) ? found : null;
            if (tree.AdditionalProperties is { } values && !Node(values, $"{path}[{name}]", value, previous, ratchet.Member(name)))
                return false;
            if (tree.Properties.TryGetValue(name, out var member) && !Node(member, Child(path, name), value, previous, ratchet.Member(name)))
                return false;
        }
        return true;
    }

    static string Child(string? path, string name) => path is null ? name : $"{path}.{name}";

    bool Rules(RuleTree tree, string? path, JsonNode value, JsonNode? old, Ratchet ratchet)
    {
        if (tree.Rules.Count == 0)
            return true;
        var self = ObjectValues.Of(value, tree.SelfSchema);
        var oldSelf = old is null ? null : ObjectValues.Of(old, tree.SelfSchema);
        foreach (var rule in tree.Rules)
        {
            if (rule.Error.Length > 0)
                Broken(tree, path, $"rule compile error: {rule.Error}");
            else if (rule.Program is not null && (!rule.UsesOldSelf || old is not null || rule.HasOptionalOldSelf)
                && !Rule(rule, tree, path, value, (self, oldSelf, old is not null), ratchet))
                return false;
        }
        return true;
    }

    bool Rule(
        CompiledRule rule, RuleTree tree, string? path, JsonNode value, (object? Self, object? Old, bool HasOld) values, Ratchet ratchet)
    {
        var oldSelf = !rule.HasOptionalOldSelf ? values.Old : values.HasOld ? CelOptional.Of(values.Old) : CelOptional.None;
        var result = rule.Program!.Evaluate(values.Self, oldSelf, ref budget);
        if (budget < 0)
        {
            Broken(tree, path, "validation failed due to running out of cost budget, no further validation rules will be run");
            return false;
        }
        if (result is CelError error)
            return Failed(rule, tree, path, error.Message);
        if (result is true || (!rule.UsesOldSelf && ratchet.Forgives))
            return true;
        errors.Add(Breach(rule, path, value, rule.Detail(values.Self, oldSelf, ref budget)));
        return true;
    }

    bool Failed(CompiledRule rule, RuleTree tree, string? path, string error)
    {
        if (error.StartsWith("no such overload", StringComparison.Ordinal))
            Broken(tree, path, $"'{error}': call arguments did not match a supported operator, function or macro signature for rule: {rule.Name}");
        else if (error.StartsWith("operation cancelled", StringComparison.Ordinal))
        {
            Broken(tree, path, $"'{error}': no further validation rules will be run due to call cost exceeds limit for rule: {rule.Name}");
            return false;
        }
        else
            Broken(tree, path, $"{error} evaluating rule: {rule.Name}");
        return true;
    }

    /// <summary>A rule that could not be evaluated; the value shown is the type's name.</summary>
    void Broken(RuleTree tree, string? path, string what) => errors.Add(new FieldError(
        path ?? FieldError.WholeObject, FieldErrorType.Invalid, $"Invalid value: {GoText.Quote(tree.Schema.Type)}: {what}"));

    static FieldError Breach(CompiledRule rule, string? path, JsonNode value, string detail)
    {
        var shown = value is JsonObject or JsonArray ? "" : $": {GoText.Value(value)}";
        var (type, message) = rule.Source.Reason switch
        {
            FieldErrorType.Forbidden => (FieldErrorType.Forbidden, $"Forbidden: {detail}"),
            FieldErrorType.Required => (FieldErrorType.Required, $"Required value: {detail}"),
            FieldErrorType.Duplicate => (FieldErrorType.Duplicate, $"Duplicate value{shown}"),
            _ => (FieldErrorType.Invalid, $"Invalid value{shown}: {detail}"),
        };
        return new FieldError(Blamed(path, rule.Source.FieldPath), type, message);
    }

    /// <summary>A field path of a rule begins with a dot or bracket and is relative to the rule's place.</summary>
    static string Blamed(string? path, string? relative)
    {
        if (string.IsNullOrEmpty(relative))
            return path ?? FieldError.WholeObject;
        var normal = relative.Replace("['", "[", StringComparison.Ordinal).Replace("']", "]", StringComparison.Ordinal).TrimStart('.');
        return Child(path, normal);
    }
}
