using System.Text.RegularExpressions;
using Sluice.Contract.Metrics;
using Sluice.Operator.Metrics;

namespace Sluice.Delivery.Tests.Prometheus;

/// <summary>Which metrics and labels a query names, and whether there are such.</summary>
internal static partial class Query
{
    /// <summary>What a scrape adds, from the target and from the PodMonitor.</summary>
    static readonly string[] OfTarget = ["namespace", "pod", "job", "instance", "container", "sluice_dev_inferenceservice", "sluice_dev_revision"];

    static readonly string[] Words =
    [
        "by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "offset", "bool", "inf", "nan",
        "sum", "min", "max", "avg", "count", "group", "topk", "bottomk", "quantile", "stddev",
    ];

    static readonly Dictionary<string, MetricDescriptor> Metrics = OperatorCatalog.Groups.Concat(RuntimeCatalog.Groups)
        .SelectMany(static g => g.Metrics).DistinctBy(static m => m.Name).ToDictionary(static m => m.Name);

    /// <summary>Labels of what our own rules record.</summary>
    static readonly Dictionary<string, string[]> Recorded = new()
    {
        ["sluice:candidate"] = ["namespace", "revision"],
        ["sluice:requests:rate5m"] = ["namespace", "model"],
        ["sluice:failures:ratio5m"] = ["namespace", "model"],
        ["sluice:request_duration_seconds:p99_5m"] = ["namespace", "model"],
        ["sluice:accuracy"] = ["namespace", "model"],
        ["sluice:objective_error_ratio"] = [],
        ["sluice:objective_latency_seconds"] = ["namespace", "model"],
        ["sluice:objective_accuracy_fall"] = [],
        ["sluice:objective_stage_seconds"] = [],
    };

    public static IReadOnlyCollection<string> RecordedNames => Recorded.Keys;

    /// <returns>What is wrong with it; empty when nothing is.</returns>
    public static IEnumerable<string> Problems(string query)
    {
        var used = new List<string>();
        // Strings go, but for the label that label_replace makes; then matchers with their metric; then groupings.
        var made = LabelReplace().Matches(query).Select(static m => m.Groups[1].Value).ToArray();
        var rest = Text().Replace(query, "\"\"");
        foreach (Match selector in Selector().Matches(rest))
        {
            var name = selector.Groups["name"].Value;
            if (name.Length == 0 || Words.Contains(name) || (selector.Groups["call"].Success && !selector.Groups["braces"].Success))
                continue;
            used.Add(name);
            if (LabelsOf(name) is not { } labels)
                yield return $"there is no metric {name}";
            else
                foreach (var label in selector.Groups["label"].Captures.Select(static c => c.Value).Where(l => !labels.Contains(l)))
                    yield return $"{name} has no label {label}";
        }

        if (used.Count == 0)
            yield return "it names no metric";
        var known = used.SelectMany(static n => LabelsOf(n) ?? []).Concat(made).ToHashSet();
        foreach (var label in Groupings(rest).Where(l => !known.Contains(l) && used.TrueForAll(static n => LabelsOf(n) is not null)))
            yield return $"it groups by {label}, which none of its metrics has";
    }

    /// <summary>Null when there is no such series.</summary>
    static HashSet<string>? LabelsOf(string name)
    {
        if (Recorded.TryGetValue(name, out var recorded))
            return [.. recorded];
        var plain = Metrics.GetValueOrDefault(name);
        if (plain is { Type: not MetricType.Histogram })
            return [.. plain.Labels, .. OfTarget];
        var end = new[] { "_bucket", "_sum", "_count" }.FirstOrDefault(name.EndsWith);
        return end is not null && Metrics.GetValueOrDefault(name[..^end.Length]) is { Type: MetricType.Histogram } histogram
            ? [.. histogram.Labels, .. OfTarget, .. end == "_bucket" ? ["le"] : Array.Empty<string>()]
            : null;
    }

    static IEnumerable<string> Groupings(string query) => Grouping().Matches(query)
        .SelectMany(static m => m.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex("""label_replace\(.*?,\s*"(\w+)"\s*,""", RegexOptions.Singleline)]
    private static partial Regex LabelReplace();

    [GeneratedRegex(""" "(?:\\.|[^"\\])*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Text();

    // A name; with a brace it is a metric whatever follows, with a parenthesis a function, and in the parenthesis of a grouping it is a label.
    [GeneratedRegex("""
        (?:\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)) |
        (?<![\w:.$\[])(?<name>[a-zA-Z_:][\w:]*)\s*(?:(?<braces>\{)(?:\s*(?<label>\w+)\s*(?:=~|!~|!=|=)\s*""\s*,?)*\s*\}|(?<call>\())?
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Selector();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();
}
