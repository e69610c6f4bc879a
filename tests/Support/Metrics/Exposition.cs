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

    static bool IsOf(string sample, string family, string type) => type == "histogram"
        ? sample.StartsWith(family, StringComparison.Ordinal) && sample[family.Length..] is "_bucket" or "_sum" or "_count"
        : sample == family;

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(\{((?<label>[a-zA-Z_]\w*)="(\\.|[^"\\])*",?)*\})? \S+$""")]
    private static partial Regex Sample();
}
