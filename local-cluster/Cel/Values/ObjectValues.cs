using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Values;

/// <summary>Parts of an object as values, read when they are asked for. What does not fit its schema becomes an error.</summary>
internal static class ObjectValues
{
    public static object? Of(JsonNode? json, SchemaNode schema)
    {
        if (json is null)
            return schema.Nullable ? null : new CelError("invalid data, got null for schema with nullable=false");
        var shape = JsonShape.TypeOf(json);
        if (schema.IntOrString)
        {
            return shape switch
            {
                "string" => json.GetValue<string>(),
                "integer" => JsonShape.Integer(json),
                _ => new CelError("invalid data, expected XIntOrString value to be either a string or integer"),
            };
        }
        return schema.Type switch
        {
            "object" when json is JsonObject obj => new ObjectMap(obj, schema.EmbeddedResource ? SchemaTypes.WithMetadata(schema) : schema),
            "array" when json is JsonArray array && schema.Items is not null => new ObjectList(array, schema),
            "string" when shape == "string" => Text(json.GetValue<string>(), schema.Limits.Format),
            "number" when shape is "integer" or "number" => JsonShape.Number(json),
            "integer" when shape == "integer" => JsonShape.Integer(json),
            "boolean" when shape == "boolean" => json.GetValue<bool>(),
            "" when schema.PreserveUnknownFields => new Unseen(json),
            var type => new CelError($"invalid data, expected {type}, got {shape}"),
        };
    }

    static object Text(string text, string format) => format switch
    {
        "duration" => GoDuration.TryParse(text, out var nanoseconds)
            ? new CelDuration(nanoseconds)
            : new CelError($"Invalid duration {text}: unable to parse {text} as duration"),
        "date" or "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? new CelTimestamp(moment)
            : new CelError($"Invalid {format} formatted string {text}"),
        "byte" => Bytes(text),
        _ => text,
    };

    static object Bytes(string text)
    {
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text.Replace('-', '+').Replace('_', '/'), buffer, out var length)
            ? new CelBytes(buffer[..length])
            : new CelError($"Invalid byte formatted string {text}");
    }
}

/// <summary>Data that rules cannot look into; equal when the JSON is.</summary>
internal sealed class Unseen(JsonNode json)
{
    readonly JsonNode json = json;

    public override bool Equals(object? obj) => obj is Unseen other && JsonNode.DeepEquals(json, other.json);

    public override int GetHashCode() => 0;
}

/// <summary>
/// A list of an object. Sets and map lists mean the same in any order, and adding to them replaces what has the same
/// identity.
/// </summary>
internal sealed class ObjectList(JsonArray array, SchemaNode schema) : CelList
{
    public override int Count => array.Count;

    public override object? this[int index] => ObjectValues.Of(array[index], schema.Items!);

    bool HasIdentities => schema.IsSetList || schema.IsMapList;

    public override object SameAs(CelList other)
    {
        if (!HasIdentities)
            return base.SameAs(other);
        if (Count != other.Count)
            return false;
        var mine = ByIdentity();
        foreach (var item in other.Items)
        {
            if (!mine.TryGetValue(Identity(item), out var twin))
                return false;
            if (CelEquality.Of(twin, item) is not true and var verdict)
                return verdict;
        }
        return true;
    }

    public override CelList Add(CelList other)
    {
        if (!HasIdentities)
            return base.Add(other);
        var items = Items.ToList();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
            places[Identity(items[i])] = i;
        foreach (var item in other.Items)
        {
            if (!places.TryGetValue(Identity(item), out var place))
            {
                places[Identity(item)] = items.Count;
                items.Add(item);
            }
            else if (schema.IsMapList)
                items[place] = item;
        }
        return new MadeList(items);
    }

    Dictionary<string, object?> ByIdentity()
    {
        var items = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var item in Items)
            items[Identity(item)] = item;
        return items;
    }

    string Identity(object? item) => schema.IsMapList && item is CelMap map
        ? string.Join('\n', schema.ListMapKeys.Select(key => CelText.Of(map.TryGet(FieldNames.Escape(key) ?? key, out var part) ? part : null)))
        : $"{CelText.TypeName(item)} {CelText.Of(item)}";
}

/// <summary>An object with declared fields, whose absent and null fields are not there, or a map of strings to values.</summary>
internal sealed class ObjectMap(JsonObject json, SchemaNode schema) : CelMap
{
    readonly JsonObject json = json;
    readonly SchemaNode schema = schema;

    bool HasFields => !schema.Properties.IsEmpty;

    public override int Count => json.Count;

    public override IEnumerable<object?> Keys => json
        .Where(member => ValueSchema(member.Key) is not null)
        .Select(member => HasFields ? FieldNames.Escape(member.Key) ?? member.Key : member.Key);

    public override bool TryGet(object? key, out object? value)
    {
        value = null;
        if (key is not string text || (HasFields ? FieldNames.Unescape(text) : text) is not { } name
            || !json.TryGetPropertyValue(name, out var member) || (HasFields && member is null) || ValueSchema(name) is not { } known)
            return false;
        value = ObjectValues.Of(member, known);
        return true;
    }

    public override object SameAs(CelMap other)
    {
        if (other is not ObjectMap twin)
            return base.SameAs(other);
        if (Count != twin.Count)
            return false;
        foreach (var (name, member) in json)
        {
            if (!twin.json.TryGetPropertyValue(name, out var theirs))
                return false;
            var verdict = ValueSchema(name) is { } known
                ? CelEquality.Of(ObjectValues.Of(member, known), ObjectValues.Of(theirs, known))
                : JsonNode.DeepEquals(member, theirs);
            if (verdict is not true)
                return verdict;
        }
        return true;
    }

    SchemaNode? ValueSchema(string name) => HasFields
        ? schema.Properties.GetValueOrDefault(name)
        : schema.AdditionalProperties is { } values && !ReferenceEquals(values, SchemaNode.Untyped) ? values : null;
}
