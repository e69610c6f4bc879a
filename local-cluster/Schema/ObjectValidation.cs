using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>All checks of an object in the API server's order.</summary>
internal static class ObjectValidation
{
    public static IReadOnlyList<FieldError> Run(JsonObject obj, JsonObject? old, SchemaNode root)
    {
        var correlation = old is null ? null : new Correlation(obj, old, root);
        var errors = new List<FieldError>(new ValueValidation(prefix: null).Run(obj, root, correlation));
        errors.AddRange(EmbeddedResources.Run(obj, root));
        errors.AddRange(NewRepetitions(obj, old, root));
        return errors;
    }

    public static IReadOnlyList<FieldError> RunStatus(JsonObject obj, JsonObject old, SchemaNode root)
    {
        var correlation = new Correlation(obj, old, root);
        var errors = new List<FieldError>();
        if (obj.TryGetPropertyValue("status", out var status) && root.Member("status") is { } schema)
            errors.AddRange(new ValueValidation("status").Run(status, schema, correlation.Member("status")));
        errors.AddRange(NewRepetitions(obj, old, root));
        return errors;
    }

    /// <summary>What was stored with repetitions may keep them.</summary>
    static IReadOnlyList<FieldError> NewRepetitions(JsonObject obj, JsonObject? old, SchemaNode root) =>
        old is not null && ListUniqueness.Run(old, root).Count > 0 ? [] : ListUniqueness.Run(obj, root);
}
