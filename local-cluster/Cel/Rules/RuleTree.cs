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

    /// <summary>Null when there is no rule anywhere.</summary>
    public static RuleTree? Of(SchemaNode schema, bool isResource)
    {
        if (SchemaTypes.Of(schema, isResource) is not { } self)
            return null;
        var tree = new RuleTree(schema, isResource)
        {
            Rules = [.. schema.Rules.Select(rule => CompiledRule.Compile(rule, self))],
            Items = Part(schema.Items),
            AdditionalProperties = Part(schema.AdditionalProperties),
            Properties = Members(schema),
        };
        return tree.Rules.Count > 0 || tree.Items is not null || tree.AdditionalProperties is not null || tree.Properties.Count > 0
            ? tree
            : null;
    }

    static RuleTree? Part(SchemaNode? schema) => schema is null ? null : Of(schema, schema.EmbeddedResource);

    static Dictionary<string, RuleTree> Members(SchemaNode schema)
    {
        var members = new Dictionary<string, RuleTree>(StringComparer.Ordinal);
        foreach (var (name, property) in schema.Properties)
        {
            if (Part(property) is { } member)
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

    /// <summary>The rules of a part, for a value that comes from nowhere, such as a default; rules about change see no change.</summary>
    public IReadOnlyList<FieldError> CheckPart(JsonNode value, string path)
    {
        var run = new RuleRun();
        run.Node(this, path, value, value, default);
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
}
