using System.Text.RegularExpressions;

namespace Sluice.Support.Metrics;

/// <summary>A metric as a scrape shows it.</summary>
/// <param name="Labels">Of all its series, le of histograms left out; empty when there are none yet.</param>
public sealed record ExposedFamily(string Name, string Type, string Help, IReadOnlySet<string> Labels, int Series);

/// <summary>Reads Prometheus' text format strictly enough to compare it with what was promised.</summary>
public static partial class Exposition
{
    public static IReadOnlyList<ExposedFamily> Parse(string text)
    {
        var families = new List<ExposedFamily>();
        string name = "", help = "", type = "";
        var labels = new HashSet<string>(StringComparer.Ordinal);
        var series = 0;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                Add();
                var words = line.Split(' ', 4);
                (name, help, labels, series) = (words[2], words[3], new HashSet<string>(StringComparer.Ordinal), 0);
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                type = line.Split(' ')[3];
            }
            else
            {
                var sample = Sample().Match(line);
                if (!sample.Success || !IsOf(sample.Groups["name"].Value, name, type))
                    throw new FormatException($"'{line}' is no sample of {name}.");
                labels.UnionWith(sample.Groups["label"].Captures.Select(static c => c.Value).Where(static l => l != "le"));
                series++;
            }
        }

        Add();
        return families;

        void Add()
        {
            if (name.Length > 0)
                families.Add(new ExposedFamily(name, type, help, labels, series));
        }
    }

    /// <summary>In what a scrape differs from what was promised; empty when in nothing.</summary>
    /// <param name="scraped">The scrape.</param>
    /// <param name="promised">By name; labels are compared where there is a series.</param>
    public static IReadOnlyList<string> Differences(
        IReadOnlyList<ExposedFamily> scraped, IEnumerable<(string Name, string Type, string Help, IEnumerable<string> Labels)> promised)
    {
        var expected = promised.ToDictionary(static p => p.Name);
        return
        [
            .. expected.Keys.Except(scraped.Select(static f => f.Name)).Select(static name => $"{name} is described and not there"),
            .. scraped.SelectMany(family => expected.TryGetValue(family.Name, out var metric) ? Differences(family, metric) : [$"{family.Name} is there and not described"]),
        ];
    }

    static IEnumerable<string> Differences(ExposedFamily family, (string Name, string Type, string Help, IEnumerable<string> Labels) promised)
    {
        if (family.Type != promised.Type)
            yield return $"{family.Name} is a {family.Type}, not a {promised.Type}";
        if (family.Help != promised.Help)
            yield return $"{family.Name} says '{family.Help}', not '{promised.Help}'";
        if (family.Series > 0 && !family.Labels.SetEquals(promised.Labels))
            yield return $"{family.Name} has the labels {string.Join(", ", family.Labels)}, not {string.Join(", ", promised.Labels)}";
    }

    static bool IsOf(string sample, string family, string type) => type == "histogram"
        ? sample.StartsWith(family, StringComparison.Ordinal) && sample[family.Length..] is "_bucket" or "_sum" or "_count"
        : sample == family;

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(\{((?<label>[a-zA-Z_]\w*)="(\\.|[^"\\])*",?)*\})? \S+$""")]
    private static partial Regex Sample();
}
