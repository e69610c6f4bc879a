using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema.Definitions;

/// <summary>Paths into objects, <c>.spec.ports</c> or <c>.labels['a.b']</c>, followed through a schema.</summary>
internal static class SchemaPath
{
    /// <summary>The schema at the path; null, and what is wrong, when it leads nowhere.</summary>
    public static JsonObject? Find(JsonObject schema, string path, bool allowBrackets, out string problem)
    {
        problem = "";
        var at = 0;
        var here = schema;
        while (at < path.Length)
        {
            var name = path[at] switch
            {
                '.' => Plain(path, ref at),
                '[' when allowBrackets => Quoted(path, ref at),
                '[' => null,
                _ => null,
            };
            if (name is null)
            {
                problem = path[at] == '[' && !allowBrackets ? "array notation is not allowed" : $"expected [ or . but got: {path[at..].Split('.', '[')[0]}";
                return null;
            }
            var next = here["properties"] is JsonObject properties ? properties[name] : here["additionalProperties"];
            if (next is not JsonObject member)
            {
                problem = "does not refer to a valid field";
                return null;
            }
            here = member;
        }
        return here;
    }

    static string? Plain(string path, ref int at)
    {
        var end = path.IndexOfAny(['.', '['], at + 1);
        end = end < 0 ? path.Length : end;
        if (end == at + 1)
            return null;
        var name = path[(at + 1)..end];
        at = end;
        return name;
    }

    static string? Quoted(string path, ref int at)
    {
        var end = path.IndexOf("']", at, StringComparison.Ordinal);
        if (end < 0 || !path.AsSpan(at).StartsWith("['", StringComparison.Ordinal))
            return null;
        var name = path[(at + 2)..end].Replace(@"\'", "'", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);
        at = end + 2;
        return name;
    }
}
