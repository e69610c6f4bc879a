using System.Text.Json.Nodes;
using Sluice.LocalCluster.Cel.Rules;

namespace Sluice.LocalCluster.Schema;

/// <summary>All checks of an object in the API server's order.</summary>
internal static class ObjectValidation
{
    const string NotAllChecked =
        "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

    public static IReadOnlyList<FieldError> Run(JsonObject obj, JsonObject? old, SchemaNode root, RuleTree? rules)
    {
        var correlation = old is null ? null : new Correlation(obj, old, root);
        var errors = new List<FieldError>(new ValueValidation(prefix: null).Run(obj, root, correlation));
        errors.AddRange(EmbeddedResources.Run(obj, root));
        errors.AddRange(NewRepetitions(obj, old, root));
        AddRules(errors, obj, old, rules, correlation);
        return errors;
    }

    public static IReadOnlyList<FieldError> RunStatus(JsonObject obj, JsonObject old, SchemaNode root, RuleTree? rules)
    {
        var correlation = new Correlation(obj, old, root);
        var errors = new List<FieldError>();
        if (obj.TryGetPropertyValue("status", out var status) && root.Member("status") is { } schema)
            errors.AddRange(new ValueValidation("status").Run(status, schema, correlation.Member("status")));
        errors.AddRange(NewRepetitions(obj, old, root));
        AddRules(errors, obj, old, rules, correlation);
        return errors;
    }

    /// <summary>Rules rely on the shape of what they see, so they wait until the shape is right.</summary>
    static void AddRules(List<FieldError> errors, JsonObject obj, JsonObject? old, RuleTree? rules, Correlation? correlation)
    {
        if (rules is null)
            return;
        if (errors.Exists(error => error.Type is FieldErrorType.NotSupported or FieldErrorType.Required or FieldErrorType.TooLong
            or FieldErrorType.TooMany or FieldErrorType.TypeInvalid))
            errors.Add(new FieldError(FieldError.WholeObject, FieldErrorType.Invalid, NotAllChecked));
        else
            errors.AddRange(rules.Check(obj, old, correlation));
    }

    /// <summary>What was stored with repetitions may keep them.</summary>
    static IReadOnlyList<FieldError> NewRepetitions(JsonObject obj, JsonObject? old, SchemaNode root) =>
        old is not null && ListUniqueness.Run(old, root).Count > 0 ? [] : ListUniqueness.Run(obj, root);
}
