using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Cel.Rules;

namespace Sluice.LocalCluster.Schema;

/// <summary>
/// The schema of one version of a custom resource, and what the API server does with it: prune, default, validate.
/// Immutable and safe to share. Every operation leaves its argument as it is and answers with a copy.
/// </summary>
internal sealed class StructuralSchema
{
    readonly Lazy<RuleTree?> rules;

    StructuralSchema(SchemaNode root)
    {
        Root = root;
        rules = new Lazy<RuleTree?>(() => RuleTree.Of(root, isResource: true));
    }

    public SchemaNode Root { get; }

    /// <summary>The rules, compiled when they are first needed; null when there are none.</summary>
    public RuleTree? Rules => rules.Value;

    /// <param name="openApiV3Schema">The value of <c>schema.openAPIV3Schema</c> in a definition.</param>
    public static StructuralSchema Parse(JsonElement openApiV3Schema) => new(SchemaReader.Read(openApiV3Schema));

    public static StructuralSchema From(SchemaNode root) => new(root);

    /// <summary>Takes out the fields that the schema does not know.</summary>
    public JsonObject Prune(JsonObject obj) => Prune(obj, out _);

    /// <param name="obj">The object as it was sent.</param>
    /// <param name="unknown">Paths of what was taken out, for <c>fieldValidation=Strict</c> and <c>Warn</c>.</param>
    public JsonObject Prune(JsonObject obj, out IReadOnlyList<string> unknown)
    {
        var copy = obj.DeepClone().AsObject();
        var pruning = new Pruning();
        pruning.Run(copy, Root);
        unknown = pruning.Unknown;
        return copy;
    }

    /// <summary>Puts in defaults, and takes out nulls where null is not allowed.</summary>
    public JsonObject Default(JsonObject obj)
    {
        var copy = obj.DeepClone().AsObject();
        Defaulting.Run(copy, Root);
        return copy;
    }

    /// <param name="obj">The object as it would be stored: pruned and defaulted.</param>
    /// <param name="old">What is stored now, on an update; errors of unchanged parts are then forgiven (ratcheting).</param>
    public IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old) => ObjectValidation.Run(obj, old, Root, rules.Value);

    /// <summary>As <see cref="Validate"/>, for a write through the status subresource: only <c>status</c> is checked against its
    /// schema, while sets, map lists and rules are checked everywhere.</summary>
    public IReadOnlyList<FieldError> ValidateStatus(JsonObject obj, JsonObject old) => ObjectValidation.RunStatus(obj, old, Root, rules.Value);
}
