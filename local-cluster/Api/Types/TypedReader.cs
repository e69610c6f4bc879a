using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Types;

/// <summary>A value does not fit its declared type; the message is Go's.</summary>
internal sealed class TypeMismatchException(string message) : Exception(message);

/// <summary>
/// Brings an object of a built-in kind into the one form it is stored in: declared members in declared order, without
/// empty optional ones, quantities and times in canonical form. Unknown members are dropped and reported.
/// </summary>
internal sealed class TypedReader(ICollection<string>? unknown = null)
{
    /// <exception cref="TypeMismatchException">A value has the wrong type.</exception>
    public JsonObject Read(ObjectType type, JsonObject raw)
    {
        var result = new JsonObject();
        if (raw.Text("apiVersion") is { } version)
            result["apiVersion"] = version;
        if (raw.Text("kind") is { } kind)
            result["kind"] = kind;
        Fill(type, raw, result, "", top: true);
        return result;
    }

    void Fill(ObjectType type, JsonObject raw, JsonObject result, string path, bool top)
    {
        foreach (var field in type.Fields)
        {
            var value = raw.TryGetPropertyValue(field.Name, out var given) && given is not null
                ? Value(field.Type, given, Join(path, field.Name), type)
                : null;
            if (value is null ? EmptyValue(field, out value) : Kept(field, value))
                result[field.Name] = value;
        }

        if (unknown is null)
            return;
        foreach (var (name, _) in raw)
        {
            if (type.Find(name) is null && !(top && name is "apiVersion" or "kind"))
                unknown.Add(Join(path, name));
        }
    }

    /// <summary>What stands for an absent member: Go prints embedded objects and unset times always.</summary>
    bool EmptyValue(Field field, out JsonNode? value)
    {
        value = null;
        if (field.Pointer || field.Name == "creationTimestamp")
            return false;
        switch (field.Type.Shape)
        {
            case Shape.Object:
                var empty = new JsonObject();
                Fill(field.Type.Object!, new JsonObject(), empty, "", top: false);
                value = empty;
                return true;
            case Shape.Time or Shape.MicroTime:
                return true;
            case Shape.String when field.Always:
                value = "";
                return true;
            case Shape.Int32 or Shape.Int64 when field.Always:
                value = 0L;
                return true;
            case Shape.Bool when field.Always:
                value = false;
                return true;
            case Shape.Quantity when field.Always:
                value = "0";
                return true;
            default:
                return field.Always;
        }
    }

    static bool Kept(Field field, JsonNode value) => field.Pointer || field.Always || field.Type.Shape switch
    {
        Shape.String or Shape.Bytes => value.AsText() is not "",
        Shape.Bool => value.GetValueKind() == JsonValueKind.True,
        Shape.Int32 or Shape.Int64 => value.AsInteger() != 0,
        Shape.List => ((JsonArray)value).Count > 0,
        Shape.Map => ((JsonObject)value).Count > 0,
        _ => true,
    };

    JsonNode? Value(ValueType type, JsonNode raw, string path, ObjectType owner)
    {
        switch (type.Shape)
        {
            case Shape.Object when raw is JsonObject members:
                var result = new JsonObject();
                Fill(type.Object!, members, result, path, top: false);
                return result;
            case Shape.List when raw is JsonArray items:
                return List(type.Element!, items, path, owner);
            case Shape.Map when raw is JsonObject entries:
                return Map(type.Element!, entries, path, owner);
            case Shape.AnyObject when raw is JsonObject:
            case Shape.Any:
                return raw.DeepClone();
            case Shape.Object or Shape.List or Shape.Map or Shape.AnyObject:
                throw Mismatch(type, raw, path, owner);
            default:
                return Scalars.Canonical(type.Shape, raw) ?? throw Mismatch(type, raw, path, owner);
        }
    }

    JsonArray List(ValueType element, JsonArray items, string path, ObjectType owner)
    {
        var list = new JsonArray();
        for (var i = 0; i < items.Count; i++)
            list.Add(items[i] is { } item ? Value(element, item, $"{path}[{i}]", owner) : ZeroOf(element));
        return list;
    }

    JsonObject Map(ValueType element, JsonObject entries, string path, ObjectType owner)
    {
        var map = new JsonObject();
        foreach (var (name, value) in entries)
            map[name] = value is null ? ZeroOf(element) : Value(element, value, Join(path, name), owner);
        return map;
    }

    JsonNode? ZeroOf(ValueType element) => element.Shape switch
    {
        Shape.Object => Value(element, new JsonObject(), "", element.Object!),
        Shape.String or Shape.Bytes => JsonValue.Create(""),
        Shape.Quantity => JsonValue.Create("0"),
        Shape.Int32 or Shape.Int64 => JsonValue.Create(0L),
        _ => null,
    };

    static TypeMismatchException Mismatch(ValueType type, JsonNode raw, string path, ObjectType owner)
    {
        var kind = raw.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        if (type.Shape == Shape.Quantity && kind == "string")
        {
            return new("quantities must match the regular expression " +
                "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }

        if (type.Shape is Shape.Time or Shape.MicroTime && kind == "string")
            return new($"parsing time \"{raw.AsText()}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{raw.AsText()}\"");
        if (type.Shape == Shape.Bytes && kind == "string")
            return new($"illegal base64 data at input byte {Scalars.FirstBadBase64Byte(raw.AsText()!)}");
        return new($"json: cannot unmarshal {kind} into Go struct field {owner.Name}.{WithoutIndexes(path)} of type {type.GoName}");
    }

    static string WithoutIndexes(string path)
    {
        for (var open = path.IndexOf('[', StringComparison.Ordinal); open >= 0; open = path.IndexOf('[', StringComparison.Ordinal))
            path = path.Remove(open, path.IndexOf(']', open) - open + 1);
        return path;
    }

    static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
