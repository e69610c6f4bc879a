using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>
/// One node of a Kubernetes structural schema. Immutable. Serves custom resources (read from their definition) and, built
/// in code, the built-in kinds; server-side apply merges by the same node.
/// </summary>
internal sealed record SchemaNode
{
    // First, because the nodes below are made of it while the type is initialised.
    internal static ImmutableSortedDictionary<string, SchemaNode> EmptyProperties { get; } =
        ImmutableSortedDictionary.Create<string, SchemaNode>(StringComparer.Ordinal);

    /// <summary>The node that accepts anything and keeps it.</summary>
    public static SchemaNode Anything { get; } = new() { PreserveUnknownFields = true, Nullable = true };

    /// <summary>What <c>additionalProperties: true</c> stands for: any scalar or list, while members of objects in it are
    /// unknown.</summary>
    public static SchemaNode Untyped { get; } = new() { Nullable = true };

    /// <summary><c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, or empty where the
    /// node is int-or-string, preserves unknown fields, or is nested in allOf, anyOf, oneOf or not.</summary>
    public string Type { get; init; } = "";

    public string? Description { get; init; }

    public bool Nullable { get; init; }

    /// <summary>Never hand this out without cloning it: it is shared by every object that is defaulted.</summary>
    public JsonNode? Default { get; init; }

    public ImmutableSortedDictionary<string, SchemaNode> Properties { get; init; } = EmptyProperties;

    public SchemaNode? Items { get; init; }

    /// <summary>The schema of the values of a map. <see cref="Untyped"/> when the definition says <c>true</c>.</summary>
    public SchemaNode? AdditionalProperties { get; init; }

    public ImmutableArray<string> Required { get; init; } = [];

    /// <summary><c>atomic</c> (also when null), <c>set</c> or <c>map</c>.</summary>
    public string? ListType { get; init; }

    public ImmutableArray<string> ListMapKeys { get; init; } = [];

    /// <summary><c>granular</c> (also when null) or <c>atomic</c>.</summary>
    public string? MapType { get; init; }

    public bool PreserveUnknownFields { get; init; }

    public bool IntOrString { get; init; }

    public bool EmbeddedResource { get; init; }

    public ValueLimits Limits { get; init; } = ValueLimits.None;

    public ImmutableArray<CelRule> Rules { get; init; } = [];

    public bool IsMapList => ListType == "map";

    public bool IsSetList => ListType == "set";

    /// <summary>The schema of one member of an object, or null when the schema does not know it.</summary>
    public SchemaNode? Member(string name) =>
        Properties.TryGetValue(name, out var property) ? property : AdditionalProperties;
}

/// <summary>What a value must be, beyond its shape. The nested schemas never add shape, only further limits.</summary>
internal sealed record ValueLimits
{
    public static ValueLimits None { get; } = new();

    public string Format { get; init; } = "";

    public string Pattern
    {
        get;
        init
        {
            field = value;
            Matcher = Re2.TryCompile(value);
        }
    } = "";

    /// <summary>The pattern compiled; null when there is none, or none that compiles.</summary>
    internal Re2? Matcher { get; private init; }

    public double? Minimum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public bool UniqueItems { get; init; }

    public long? MinProperties { get; init; }

    public long? MaxProperties { get; init; }

    public ImmutableArray<JsonNode?> Enum { get; init; } = [];

    public ImmutableArray<SchemaNode> AllOf { get; init; } = [];

    public ImmutableArray<SchemaNode> AnyOf { get; init; } = [];

    public ImmutableArray<SchemaNode> OneOf { get; init; } = [];

    public SchemaNode? Not { get; init; }
}

/// <summary>One entry of <c>x-kubernetes-validations</c>.</summary>
internal sealed record CelRule(string Rule)
{
    public string? Message { get; init; }

    public string? MessageExpression { get; init; }

    /// <summary>FieldValueInvalid when absent.</summary>
    public string? Reason { get; init; }

    public string? FieldPath { get; init; }

    /// <summary>When true, <c>oldSelf</c> is an optional and the rule runs on create too.</summary>
    public bool? OptionalOldSelf { get; init; }
}
