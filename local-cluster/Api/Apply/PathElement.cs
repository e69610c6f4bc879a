using System.Text;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Apply;

/// <summary>
/// One step of a path into an object, in the text form of managedFields: <c>f:name</c> a member, <c>k:{…}</c> an element
/// of a keyed list by its keys in order, <c>v:…</c> an element of a set by its value.
/// </summary>
internal static class PathElement
{
    public static string Member(string name) => "f:" + name;

    public static bool IsMember(string element, out string name)
    {
        name = element.StartsWith("f:", StringComparison.Ordinal) ? element[2..] : "";
        return name.Length > 0;
    }

    /// <summary>The step to one element of a keyed list or set.</summary>
    /// <exception cref="FieldPathException">The element has no such step: its keys are missing, or it is no scalar.</exception>
    public static string Element(SchemaNode list, JsonNode? item)
    {
        if (list.IsMapList)
            return Keyed(list, item);
        return item switch
        {
            JsonObject => throw new FieldPathException("associative list without keys has an element that's a map type"),
            JsonArray => throw new FieldPathException("not supported: associative list with lists as elements"),
            null => throw new FieldPathException("associative list without keys has an element that's an explicit null"),
            _ => "v:" + JsonText.Show(item),
        };
    }

    /// <summary>Brings a step that a client wrote into the form made here, so that equal steps have equal text.</summary>
    public static string Canonical(string element)
    {
        if (element.StartsWith("v:", StringComparison.Ordinal))
            return "v:" + JsonText.Show(JsonText.Parse(element[2..]));
        if (!element.StartsWith("k:", StringComparison.Ordinal) || JsonText.Parse(element[2..]) is not JsonObject keys)
            return element;
        return Keys(keys.OrderBy(key => key.Key, StringComparer.Ordinal));
    }

    /// <summary>The step as messages show it: <c>.name</c>, <c>[name="x"]</c>, <c>[="x"]</c>.</summary>
    public static string Show(string element) => element[0] switch
    {
        'f' => "." + element[2..],
        'v' => $"[={Literal(JsonText.Parse(element[2..]))}]",
        'k' => $"[{string.Join(',', ((JsonObject)JsonText.Parse(element[2..])!).Select(key => $"{key.Key}={Literal(key.Value)}"))}]",
        _ => $"[{element[2..]}]",
    };

    static string Literal(JsonNode? value) => JsonText.Show(value);

    static string Keyed(SchemaNode list, JsonNode? item)
    {
        if (item is not JsonObject members)
        {
            throw new FieldPathException(item is null
                ? "associative list with keys may not have a null element"
                : "associative list with keys may not have non-map elements");
        }

        var keys = new List<KeyValuePair<string, JsonNode?>>();
        foreach (var key in list.ListMapKeys)
        {
            if (members.TryGetPropertyValue(key, out var value))
                keys.Add(new(key, value));
            else if (list.Items?.Member(key)?.Default is { } standard)
                keys.Add(new(key, standard));
        }

        if (keys.Count == 0)
        {
            throw new FieldPathException("associative list with keys has an element that omits all key fields " +
                $"[{string.Join(' ', list.ListMapKeys.Select(key => $"\"{key}\""))}] (and doesn't have default values for any key fields)");
        }

        return Keys(keys.OrderBy(key => key.Key, StringComparer.Ordinal));
    }

    static string Keys(IEnumerable<KeyValuePair<string, JsonNode?>> keys)
    {
        var text = new StringBuilder("k:{");
        foreach (var (name, value) in keys)
            text.Append(text.Length > 3 ? "," : "").Append('"').Append(name).Append("\":").Append(JsonText.Show(value));
        return text.Append('}').ToString();
    }
}

/// <summary>An element of a list cannot be named.</summary>
internal sealed class FieldPathException(string message) : Exception(message);
