using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Selection;

/// <summary>Why a selector cannot be understood.</summary>
internal sealed class SelectorException(string message) : Exception(message);

/// <summary>A label selector as in a query (<c>a=b,c in (d,e),!f</c>) or in an object.</summary>
internal sealed class LabelSelector
{
    enum Test { In, NotIn, Exists, Absent, Greater, Less }

    sealed record Requirement(string Key, Test Test, IReadOnlyList<string> Values);

    readonly IReadOnlyList<Requirement> requirements;

    LabelSelector(IReadOnlyList<Requirement> requirements) => this.requirements = requirements;

    public static LabelSelector Everything { get; } = new([]);

    public bool IsEverything => requirements.Count == 0;

    public bool Matches(IReadOnlyDictionary<string, string> labels) => requirements.All(one => Matches(one, labels));

    /// <exception cref="SelectorException">The text is no selector.</exception>
    public static LabelSelector Parse(string? text) =>
        string.IsNullOrWhiteSpace(text) ? Everything : new([.. SplitOutsideParentheses(text).Select(Requirements)]);

    /// <summary>Of a <c>metav1.LabelSelector</c>; an absent one selects nothing and is not accepted here.</summary>
    public static LabelSelector Of(JsonObject selector)
    {
        var all = selector.Strings("matchLabels").Select(label => new Requirement(label.Key, Test.In, [label.Value])).ToList();
        foreach (var expression in selector.Objects("matchExpressions"))
        {
            var test = expression.Text("operator") switch
            {
                "In" => Test.In,
                "NotIn" => Test.NotIn,
                "Exists" => Test.Exists,
                "DoesNotExist" => Test.Absent,
                var other => throw new SelectorException($"\"{other}\" is not a valid label selector operator"),
            };
            all.Add(new Requirement(expression.Text("key") ?? "", test, [.. expression.Texts("values")]));
        }

        return new(all);
    }

    static bool Matches(Requirement one, IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(one.Key, out var value);
        return one.Test switch
        {
            Test.In => has && one.Values.Contains(value),
            Test.NotIn => !has || !one.Values.Contains(value),
            Test.Exists => has,
            Test.Absent => !has,
            Test.Greater => long.TryParse(value, out var more) && more > long.Parse(one.Values[0]),
            _ => long.TryParse(value, out var less) && less < long.Parse(one.Values[0]),
        };
    }

    static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] != ',' || depth > 0)
                continue;
            yield return text[start..i];
            start = i + 1;
        }

        yield return text[start..];
    }

    static Requirement Requirements(string part)
    {
        part = part.Trim();
        if (part.StartsWith('!'))
            return new(Key(part[1..], part), Test.Absent, []);
        if (part.EndsWith(')') && part.IndexOf('(', StringComparison.Ordinal) is > 0 and var open)
        {
            var words = part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var test = words is [_, "in"] ? Test.In : words is [_, "notin"] ? Test.NotIn : throw Bad(part);
            return new(Key(words[0], part), test, [.. part[(open + 1)..^1].Split(',').Select(value => value.Trim())]);
        }

        foreach (var (sign, test) in new[] { ("!=", Test.NotIn), ("==", Test.In), ("=", Test.In), (">", Test.Greater), ("<", Test.Less) })
        {
            var at = part.IndexOf(sign, StringComparison.Ordinal);
            if (at < 0)
                continue;
            var value = part[(at + sign.Length)..].Trim();
            if (value.Contains(' ', StringComparison.Ordinal) || (test is Test.Greater or Test.Less && !long.TryParse(value, out _)))
                throw Bad(part);
            return new(Key(part[..at], part), test, [value]);
        }

        return new(Key(part, part), Test.Exists, []);
    }

    static string Key(string text, string part)
    {
        var key = text.Trim();
        return key.Length > 0 && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/') ? key : throw Bad(part);
    }

    static SelectorException Bad(string part) => new($"unable to parse requirement: found '{part}', expected: a label selector such as key=value");
}
