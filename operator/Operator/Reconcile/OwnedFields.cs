using System.Text.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Reconcile;

/// <summary>Compares what we say of an object with what the object says. What others add is theirs.</summary>
internal static class OwnedFields
{
    /// <summary>Members that identify an item of a list; the API merges such lists item by item.</summary>
    static readonly string[] Identities = ["mountPath", "uid", "name"];

    /// <summary>Members whose values are quantities; the server writes them its own way.</summary>
    static readonly string[] Quantities = ["requests", "limits"];

    /// <summary>Lists that have one owner as a whole (of an HTTPRoute): an item too many is a difference as well.</summary>
    static readonly string[] Whole = ["parentRefs", "hostnames", "rules"];

    /// <summary>Whether <paramref name="live"/> says everything that <paramref name="wanted"/> says.</summary>
    public static bool Hold(JsonElement wanted, JsonElement live) => wanted.ValueKind switch
    {
        JsonValueKind.Object => live.ValueKind == JsonValueKind.Object
            && wanted.EnumerateObject().All(m => live.TryGetProperty(m.Name, out var value)
                && (Quantities.Contains(m.Name) ? AmountsHold(m.Value, value)
                    : Whole.Contains(m.Name) ? JsonElement.DeepEquals(m.Value, value)
                    : Hold(m.Value, value))),
        JsonValueKind.Array => live.ValueKind == JsonValueKind.Array && ListHolds(wanted, live),
        _ => JsonElement.DeepEquals(wanted, live),
    };

    static bool AmountsHold(JsonElement wanted, JsonElement live) =>
        wanted.ValueKind == JsonValueKind.Object && live.ValueKind == JsonValueKind.Object
            ? wanted.EnumerateObject().All(m => live.TryGetProperty(m.Name, out var value) && SameAmount(m.Value, value))
            : Hold(wanted, live);

    static bool SameAmount(JsonElement wanted, JsonElement live) =>
        new Quantity(wanted.ToString()).TryToDecimal(out var left) && new Quantity(live.ToString()).TryToDecimal(out var right)
            ? left == right : Hold(wanted, live);

    /// <summary>The part of <paramref name="live"/> that <paramref name="wanted"/> speaks of.</summary>
    /// <remarks>
    /// The server may write a value in another way than we do (in an affinity, say). What it made of our
    /// fields is remembered in this form, so that it is not taken for somebody's edit.
    /// </remarks>
    public static void Project(Utf8JsonWriter writer, JsonElement wanted, JsonElement? live)
    {
        switch (wanted.ValueKind, live?.ValueKind)
        {
            case (_, null):
                writer.WriteNullValue();
                break;
            case (JsonValueKind.Object, JsonValueKind.Object):
                writer.WriteStartObject();
                foreach (var member in wanted.EnumerateObject().OrderBy(static m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    if (Whole.Contains(member.Name) && live.Value.TryGetProperty(member.Name, out var whole))
                        whole.WriteTo(writer);
                    else
                        Project(writer, member.Value, live.Value.TryGetProperty(member.Name, out var value) ? value : null);
                }

                writer.WriteEndObject();
                break;
            case (JsonValueKind.Array, JsonValueKind.Array) when IdentityOf(wanted) is { } identity:
                writer.WriteStartArray();
                foreach (var item in wanted.EnumerateArray())
                    Project(writer, item, Find(live.Value, identity, item.GetProperty(identity)));
                writer.WriteEndArray();
                break;
            default:
                live.Value.WriteTo(writer);
                break;
        }
    }

    static bool ListHolds(JsonElement wanted, JsonElement live)
    {
        if (IdentityOf(wanted) is { } identity)
            return wanted.EnumerateArray().All(item => Find(live, identity, item.GetProperty(identity)) is { } found && Hold(item, found));
        return wanted.GetArrayLength() == live.GetArrayLength()
            && wanted.EnumerateArray().Zip(live.EnumerateArray()).All(static pair => Hold(pair.First, pair.Second));
    }

    static string? IdentityOf(JsonElement list) => Identities.FirstOrDefault(identity =>
        list.GetArrayLength() > 0
        && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(identity, out _)));

    static JsonElement? Find(JsonElement list, string identity, JsonElement value)
    {
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty(identity, out var found) && JsonElement.DeepEquals(found, value))
                return item;
        }

        return null;
    }
}
