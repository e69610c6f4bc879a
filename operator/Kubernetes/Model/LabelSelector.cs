using System.Text.Json.Serialization;

namespace Sluice.Kubernetes.Model;

/// <summary>metav1.LabelSelector. An empty one matches everything.</summary>
public sealed record LabelSelector
{
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }

    public IReadOnlyList<LabelSelectorRequirement>? MatchExpressions { get; init; }

    public static LabelSelector Of(IReadOnlyDictionary<string, string> labels) => new() { MatchLabels = labels };

    public bool Matches(IReadOnlyDictionary<string, string>? labels) =>
        (MatchLabels?.All(wanted => Value(labels, wanted.Key) == wanted.Value) ?? true)
        && (MatchExpressions?.All(e => e.Matches(Value(labels, e.Key))) ?? true);

    /// <summary>The form of the <c>labelSelector</c> query parameter.</summary>
    public string ToQuery() => string.Join(',',
        (MatchLabels ?? new Dictionary<string, string>()).OrderBy(l => l.Key, StringComparer.Ordinal)
        .Select(l => $"{l.Key}={l.Value}")
        .Concat((MatchExpressions ?? []).Select(e => e.ToQuery())));

    private static string? Value(IReadOnlyDictionary<string, string>? labels, string key) =>
        labels is not null && labels.TryGetValue(key, out var value) ? value : null;
}

/// <summary>metav1.LabelSelectorRequirement.</summary>
public sealed record LabelSelectorRequirement
{
    public required string Key { get; init; }

    /// <summary>In, NotIn, Exists or DoesNotExist.</summary>
    public required string Operator { get; init; }

    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>An unknown operator matches nothing.</summary>
    public bool Matches(string? value) => Operator switch
    {
        "In" => value is not null && Has(value),
        "NotIn" => value is null || !Has(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };

    internal string ToQuery() => Operator switch
    {
        "In" => $"{Key} in ({Joined})",
        "NotIn" => $"{Key} notin ({Joined})",
        "Exists" => Key,
        "DoesNotExist" => "!" + Key,
        _ => throw new InvalidOperationException(
            $"Label selector operator '{Operator}' is none of In, NotIn, Exists, DoesNotExist."),
    };

    [JsonIgnore]
    private string Joined => string.Join(',', Values ?? []);

    private bool Has(string value) => Values?.Contains(value, StringComparer.Ordinal) ?? false;
}
