using System.Text.Json.Nodes;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Rules;

/// <summary>The rules of a schema by the places where they stand. Parts without rules are left out. Immutable.</summary>
internal sealed class RuleTree
{
    RuleTree(SchemaNode schema, bool isResource)
    {
        Schema = schema;
        SelfSchema = isResource ? SchemaTypes.WithMetadata(schema) : schema;
    }

    public SchemaNode Schema { get; }

    /// <summary>The schema that values of <c>self</c> are read by.</summary>
    public SchemaNode SelfSchema { get; }

    public IReadOnlyList<CompiledRule> Rules { get; private init; } = [];

    public RuleTree? Items { get; private init; }

    public RuleTree? AdditionalProperties { get; private init; }

    public IReadOnlyDictionary<string, RuleTree> Properties { get; private init; } = new Dictionary<string, RuleTree>();

    public IReadOnlyList<RuleTree> AllOf { get; private init; } = [];

    /// <summary>Null when there is no rule anywhere.</summary>
    public static RuleTree? Of(SchemaNode root, bool isResource) => Of(root, root, isResource);

    /// <param name="rules">Where the rules are read: the schema itself, or what is nested in its <c>allOf</c>.</param>
    /// <param name="schema">What the values are.</param>
    /// <param name="isResource">Whether kind, version and name are to be seen.</param>
    static RuleTree? Of(SchemaNode rules, SchemaNode schema, bool isResource)
    {
        var self = SchemaTypes.Of(schema, isResource);
        var tree = new RuleTree(schema, isResource)
        {
            Rules = [.. rules.Rules.Select(rule => CompiledRule.Compile(rule, self ?? CelType.Error))],
            Items = Part(rules.Items, schema.Items),
            AdditionalProperties = Part(rules.AdditionalProperties, schema.AdditionalProperties),
            Properties = Members(rules, schema),
            AllOf = [.. rules.Limits.AllOf.Select(part => Of(part, schema, isResource)).OfType<RuleTree>()],
        };
        return tree.Rules.Count > 0 || tree.Items is not null || tree.AdditionalProperties is not null
            || tree.Properties.Count > 0 || tree.AllOf.Count > 0 ? tree : null;
    }

    static RuleTree? Part(SchemaNode? rules, SchemaNode? schema) => rules is not null && schema is not null
        && SchemaTypes.Of(schema, schema.EmbeddedResource) is not null ? Of(rules, schema, schema.EmbeddedResource) : null;

    static Dictionary<string, RuleTree> Members(SchemaNode rules, SchemaNode schema)
    {
        var members = new Dictionary<string, RuleTree>(StringComparer.Ordinal);
        foreach (var (name, property) in rules.Properties)
        {
            if (Part(property, schema.Properties.GetValueOrDefault(name)) is { } member)
                members[name] = member;
        }
        return members;
    }

    /// <summary>Every tree with the path of the schema where its rules stand.</summary>
    public IEnumerable<(string Path, RuleTree Tree)> Places(string path)
    {
        yield return (path, this);
        foreach (var (name, member) in Properties)
        {
            foreach (var place in member.Places($"{path}.properties[{name}]"))
                yield return place;
        }
        foreach (var place in Items?.Places($"{path}.items") ?? [])
            yield return place;
        foreach (var place in AdditionalProperties?.Places($"{path}.additionalProperties") ?? [])
            yield return place;
        for (var i = 0; i < AllOf.Count; i++)
        {
            foreach (var place in AllOf[i].Places($"{path}.allOf[{i}]"))
                yield return place;
        }
    }

    /// <param name="obj">The object.</param>
    /// <param name="old">What it replaces.</param>
    /// <param name="correlation">Both side by side, for ratcheting; null on create.</param>
    public IReadOnlyList<FieldError> Check(JsonObject obj, JsonObject? old, Correlation? correlation)
    {
        var run = new RuleRun();
        run.Node(this, null, obj, old, new Ratchet(correlation, null));
        return run.Errors;
    }
}

/// <summary>Where a value stands beside its earlier self, or the nearest part around it that has one.</summary>
internal readonly record struct Ratchet(Correlation? Current, Correlation? Nearest)
{
    /// <summary>Whether the value is as it was, so that an old breach is forgiven.</summary>
    public bool Forgives => (Current ?? Nearest) is { Unchanged: true };

    public Ratchet Member(string name)
    {
        if (Current is null)
            return this;
        // A change of kind or version cannot be seen, because both objects were converted.
        return Nearest is null && name is "apiVersion" or "kind" ? default : new Ratchet(Current.Member(name), Current);
    }

    public Ratchet Item(int index) => Current is null ? this : new Ratchet(Current.Item(index), Current);

    public Ratchet WithoutCurrent => new(null, Nearest);
}
