using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Api.Json;

/// <summary>
/// JSON paths as definitions of custom resources use them: <c>.a.b</c>, <c>['a.b']</c>, <c>[0]</c>, <c>[-1]</c>, <c>[*]</c>,
/// <c>[?(@.type=="Ready")]</c>.
/// </summary>
internal sealed class JsonPath
{
    readonly IReadOnlyList<Func<JsonNode?, IEnumerable<JsonNode?>>> steps;

    JsonPath(IReadOnlyList<Func<JsonNode?, IEnumerable<JsonNode?>>> steps) => this.steps = steps;

    /// <exception cref="FormatException">The text is no such path.</exception>
    public static JsonPath Parse(string text) => new([.. new PathReader(text).Steps()]);

    public IEnumerable<JsonNode?> Find(JsonNode? root) =>
        steps.Aggregate<Func<JsonNode?, IEnumerable<JsonNode?>>, IEnumerable<JsonNode?>>([root], (found, step) => found.SelectMany(step));

    /// <summary>The names of a path that only goes from member to member: <c>.spec.replicas</c>; null for any other.</summary>
    public static IReadOnlyList<string>? Members(string text)
    {
        var parts = text.Split('.');
        return parts.Length > 1 && parts[0].Length == 0 && parts.Skip(1).All(part => part.Length > 0 && !part.Contains('[', StringComparison.Ordinal))
            ? parts[1..]
            : null;
    }

    sealed class PathReader(string text)
    {
        int at;

        public IEnumerable<Func<JsonNode?, IEnumerable<JsonNode?>>> Steps()
        {
            while (at < text.Length)
            {
                yield return text[at] switch
                {
                    '.' => Member(),
                    '[' => Bracket(),
                    '$' or '@' when at == 0 => Root(),
                    _ => throw Bad(),
                };
            }
        }

        Func<JsonNode?, IEnumerable<JsonNode?>> Root()
        {
            at++;
            return node => [node];
        }

        Func<JsonNode?, IEnumerable<JsonNode?>> Member()
        {
            at++;
            var name = new StringBuilder();
            while (at < text.Length && text[at] is not ('.' or '['))
            {
                if (text[at] == '\\' && at + 1 < text.Length)
                    at++;
                name.Append(text[at++]);
            }

            if (name.Length == 0)
                return at < text.Length && text[at] == '[' ? node => [node] : throw Bad();
            var member = name.ToString();
            return member == "*" ? All : node => Named(node, member);
        }

        Func<JsonNode?, IEnumerable<JsonNode?>> Bracket()
        {
            var end = Closing();
            var inside = text[(at + 1)..end].Trim();
            at = end + 1;
            if (inside == "*")
                return All;
            if (inside.StartsWith("?(", StringComparison.Ordinal) && inside.EndsWith(')'))
                return Where(inside[2..^1]);
            if (inside.Length > 1 && inside[0] is '\'' or '"' && inside[^1] == inside[0])
                return node => Named(node, inside[1..^1]);
            return int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
                ? node => node is JsonArray items && (index < 0 ? index + items.Count : index) is var i && i >= 0 && i < items.Count ? [items[i]] : []
                : throw Bad();
        }

        /// <summary>The bracket that closes the one here; quoted ones do not count.</summary>
        int Closing()
        {
            var (depth, quote) = (0, '\0');
            for (var i = at; i < text.Length; i++)
            {
                if (quote != '\0')
                    quote = text[i] == quote ? '\0' : quote;
                else if (text[i] is '\'' or '"')
                    quote = text[i];
                else if (text[i] == '[')
                    depth++;
                else if (text[i] == ']' && --depth == 0)
                    return i;
            }

            throw Bad();
        }

        static IEnumerable<JsonNode?> All(JsonNode? node) => node switch
        {
            JsonArray items => items,
            JsonObject members => members.Select(member => member.Value),
            _ => [],
        };

        static IEnumerable<JsonNode?> Named(JsonNode? node, string name) =>
            node is JsonObject members && members.TryGetPropertyValue(name, out var value) ? [value] : [];

        static Func<JsonNode?, IEnumerable<JsonNode?>> Where(string condition)
        {
            foreach (var sign in new[] { "==", "!=" })
            {
                var split = condition.IndexOf(sign, StringComparison.Ordinal);
                if (split < 0)
                    continue;
                var path = Parse(condition[..split].Trim());
                var literal = condition[(split + 2)..].Trim().Trim('\'', '"');
                return node => All(node).Where(item => path.Find(item).Any(value => Text(value) == literal) == (sign == "=="));
            }

            var present = Parse(condition.Trim());
            return node => All(node).Where(item => present.Find(item).Any());
        }

        static string? Text(JsonNode? value) => value.AsText() ?? value?.ToJsonString();

        FormatException Bad() => new($"\"{text}\" is not a JSON path that is understood here (at {at})");
    }
}
