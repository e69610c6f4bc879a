using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>Reads <c>openAPIV3Schema</c>. Lenient: what a definition must not say is judged where definitions are validated.</summary>
internal static class SchemaReader
{
    public static SchemaNode Read(JsonElement schema) => new()
    {
        Type = Text(schema, "type") ?? "",
        Description = Text(schema, "description"),
        Nullable = Flag(schema, "nullable"),
        Default = Member(schema, "default") is { } value ? ToNode(value) : null,
        Properties = Children(schema),
        Items = Member(schema, "items") is { ValueKind: JsonValueKind.Object } items ? Read(items) : null,
        AdditionalProperties = Additional(schema),
        Required = Strings(schema, "required"),
        ListType = Text(schema, "x-kubernetes-list-type"),
        ListMapKeys = Strings(schema, "x-kubernetes-list-map-keys"),
        MapType = Text(schema, "x-kubernetes-map-type"),
        PreserveUnknownFields = Flag(schema, "x-kubernetes-preserve-unknown-fields"),
        IntOrString = Flag(schema, "x-kubernetes-int-or-string"),
        EmbeddedResource = Flag(schema, "x-kubernetes-embedded-resource"),
        Limits = Limits(schema),
        Rules = Elements(schema, "x-kubernetes-validations", Rule),
    };

    static ValueLimits Limits(JsonElement schema)
    {
        var limits = new ValueLimits
        {
            Format = Text(schema, "format") ?? "",
            Pattern = Text(schema, "pattern") ?? "",
            Minimum = Number(schema, "minimum"),
            ExclusiveMinimum = Flag(schema, "exclusiveMinimum"),
            Maximum = Number(schema, "maximum"),
            ExclusiveMaximum = Flag(schema, "exclusiveMaximum"),
            MultipleOf = Number(schema, "multipleOf"),
            MinLength = Count(schema, "minLength"),
            MaxLength = Count(schema, "maxLength"),
            MinItems = Count(schema, "minItems"),
            MaxItems = Count(schema, "maxItems"),
            UniqueItems = Flag(schema, "uniqueItems"),
            MinProperties = Count(schema, "minProperties"),
            MaxProperties = Count(schema, "maxProperties"),
            Enum = Elements(schema, "enum", ToNode),
            AllOf = Elements(schema, "allOf", Read),
            AnyOf = Elements(schema, "anyOf", Read),
            OneOf = Elements(schema, "oneOf", Read),
            Not = Member(schema, "not") is { ValueKind: JsonValueKind.Object } not ? Read(not) : null,
        };
        return limits == ValueLimits.None ? ValueLimits.None : limits;
    }

    static CelRule Rule(JsonElement rule) => new(Text(rule, "rule") ?? "")
    {
        Message = Text(rule, "message"),
        MessageExpression = Text(rule, "messageExpression"),
        Reason = Text(rule, "reason"),
        FieldPath = Text(rule, "fieldPath"),
        OptionalOldSelf = Member(rule, "optionalOldSelf") is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag
            ? flag.GetBoolean()
            : null,
    };

    static ImmutableSortedDictionary<string, SchemaNode> Children(JsonElement schema) =>
        Member(schema, "properties") is { ValueKind: JsonValueKind.Object } properties
            ? properties.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => Read(p.Value), StringComparer.Ordinal)
            : SchemaNode.EmptyProperties;

    static SchemaNode? Additional(JsonElement schema) => Member(schema, "additionalProperties") switch
    {
        { ValueKind: JsonValueKind.True } => SchemaNode.Untyped,
        { ValueKind: JsonValueKind.Object } values => Read(values),
        _ => null,
    };

    static ImmutableArray<T> Elements<T>(JsonElement schema, string name, Func<JsonElement, T> read) =>
        Member(schema, name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray().Select(read)] : [];

    static ImmutableArray<string> Strings(JsonElement schema, string name) =>
        Elements(schema, name, element => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText());

    static JsonElement? Member(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null ? value : null;

    static string? Text(JsonElement schema, string name) =>
        Member(schema, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    static bool Flag(JsonElement schema, string name) => Member(schema, name) is { ValueKind: JsonValueKind.True };

    static double? Number(JsonElement schema, string name) =>
        Member(schema, name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    static long? Count(JsonElement schema, string name) =>
        Member(schema, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? count : null;

    static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element.Clone()),
        JsonValueKind.Array => JsonArray.Create(element.Clone()),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element.Clone()),
    };
}
