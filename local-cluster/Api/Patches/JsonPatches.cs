using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Patches;

/// <summary>JSON patches (RFC 6902).</summary>
internal static class JsonPatches
{
    const int MostOperations = 10_000;

    sealed record Operation(string Verb, string[] Path, string[] From, JsonNode? Value);

    /// <exception cref="PatchException">The document is no JSON patch.</exception>
    public static Func<JsonObject, JsonNode?> Parse(JsonNode? document)
    {
        if (document is not JsonArray list)
            throw new PatchException("error decoding patch: a JSON patch is an array of operations", malformed: true);
        if (list.Count > MostOperations)
            throw new PatchException($"The allowed maximum operations in a JSON patch is {MostOperations}, got {list.Count}");
        var operations = list.Select(Read).ToList();
        return target => operations.Aggregate((JsonNode?)target.DeepClone(), Run);
    }

    static Operation Read(JsonNode? node)
    {
        var verb = node.Text("op") ?? throw new PatchException("error decoding patch: an operation lacks op", malformed: true);
        var value = node is JsonObject members && members.TryGetPropertyValue("value", out var given) ? given : null;
        return verb switch
        {
            "add" or "replace" or "test" or "remove" => new(verb, Pointer(node, "path"), [], value),
            "move" or "copy" => new(verb, Pointer(node, "path"), Pointer(node, "from"), null),
            _ => throw new PatchException($"Unexpected kind: {verb}"),
        };
    }

    static string[] Pointer(JsonNode? node, string member)
    {
        var text = node.Text(member) ?? throw new PatchException($"error decoding patch: an operation lacks {member}", malformed: true);
        if (text.Length == 0)
            return [];
        return text[0] == '/'
            ? [.. text[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : throw new PatchException($"{member} \"{text}\" is not a JSON pointer: it does not start with a slash");
    }

    static JsonNode? Run(JsonNode? root, Operation operation)
    {
        switch (operation.Verb)
        {
            case "add":
                return Add(root, operation.Path, operation.Value?.DeepClone());
            case "remove":
                Take(root, operation.Path, "remove");
                return root;
            case "replace" when operation.Path.Length == 0:
                return operation.Value?.DeepClone();
            case "replace":
                Replace(root, operation);
                return root;
            case "test":
                Test(root, operation);
                return root;
            case "copy":
                return Add(root, operation.Path, Get(root, operation.From, "copy")?.DeepClone());
            default:
                var moved = Get(root, operation.From, "move")?.DeepClone();
                Take(root, operation.From, "move");
                return Add(root, operation.Path, moved);
        }
    }

    static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
            return value;
        switch (Get(root, path[..^1], "add"))
        {
            case JsonObject members:
                members[path[^1]] = value;
                break;
            case JsonArray items:
                items.Insert(path[^1] == "-" ? items.Count : Index(items, path, items.Count), value);
                break;
            default:
                throw Missing("add", path);
        }

        return root;
    }

    static void Replace(JsonNode? root, Operation operation)
    {
        switch (Get(root, operation.Path[..^1], "replace"))
        {
            case JsonObject members when members.ContainsKey(operation.Path[^1]):
                members[operation.Path[^1]] = operation.Value?.DeepClone();
                break;
            case JsonArray items:
                items[Index(items, operation.Path, items.Count - 1)] = operation.Value?.DeepClone();
                break;
            default:
                throw Missing("replace", operation.Path);
        }
    }

    static void Take(JsonNode? root, string[] path, string verb)
    {
        if (path.Length == 0)
            throw Missing(verb, path);
        switch (Get(root, path[..^1], verb))
        {
            case JsonObject members when members.Remove(path[^1]):
                break;
            case JsonArray items:
                items.RemoveAt(Index(items, path, items.Count - 1));
                break;
            default:
                throw Missing(verb, path);
        }
    }

    static void Test(JsonNode? root, Operation operation)
    {
        JsonNode? value = null;
        try
        {
            value = Get(root, operation.Path, "test");
        }
        catch (PatchException) when (operation.Value is null)
        {
            // A test for null holds for what is absent.
        }

        if (!JsonNode.DeepEquals(value, operation.Value))
            throw new PatchException($"testing value {Show(operation.Path)} failed: test failed");
    }

    static JsonNode? Get(JsonNode? root, string[] path, string verb)
    {
        var at = root;
        foreach (var part in path)
        {
            at = at switch
            {
                JsonObject members when members.TryGetPropertyValue(part, out var value) => value,
                JsonArray items => items[Index(items, path, items.Count - 1, part)],
                _ => throw Missing(verb, path),
            };
        }

        return at;
    }

    static int Index(JsonArray items, string[] path, int most, string? part = null)
    {
        if (!int.TryParse(part ?? path[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
            throw new PatchException($"{Show(path)}: \"{part ?? path[^1]}\" is not an index of a list");
        // Negative indexes count from the end, as the API server's library has it.
        var found = index < 0 ? index + items.Count : index;
        return found >= 0 && found <= most ? found : throw new PatchException($"Unable to access invalid index: {index}: invalid index referenced");
    }

    static PatchException Missing(string verb, string[] path) =>
        new($"{verb} operation does not apply: doc is missing {(verb is "replace" ? "key" : "path")}: {Show(path)}: missing value");

    static string Show(string[] path) => "/" + string.Join('/', path.Select(part => part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
}
