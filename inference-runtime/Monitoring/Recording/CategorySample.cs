using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Recording;

/// <summary>Counts the first categories of a feature that has no baseline, to make one of them.</summary>
public sealed class CategorySample(string name) : FeatureRecorder
{
    /// <summary>Categories that are told apart while sampling.</summary>
    private const int Limit = 1000;

    /// <summary>Categories that the baseline names, the most frequent ones.</summary>
    private const int Named = 50;

    private readonly Dictionary<string, long> counts = [];
    private long missing;
    private long cut;

    public override void AddMissing(long rows) => missing += rows;

    public override void Add(double value) => Add(Encoding.UTF8.GetBytes(
        double.IsNaN(value) ? string.Empty : value.ToString(CultureInfo.InvariantCulture)));

    public override void Add(long value) => Add(Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    public override void Add(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            missing++;
            return;
        }
        var value = text.Length <= CategoryRecorder.LengthLimit ? Encoding.UTF8.GetString(text) : null;
        if (value is null || (counts.Count == Limit && !counts.ContainsKey(value)))
            cut++;
        else
            counts[value] = counts.GetValueOrDefault(value) + 1;
    }

    public override FeatureProfile Take()
    {
        var named = counts.OrderByDescending(static c => c.Value).ThenBy(static c => c.Key, StringComparer.Ordinal)
            .Take(Named).Select(static c => new CategoryCount(c.Key, c.Value)).ToImmutableArray();
        var taken = new CategoryProfile(
            name, missing, named, ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal), cut + counts.Values.Sum() - named.Sum(static c => c.Count));
        counts.Clear();
        (missing, cut) = (0, 0);
        return taken;
    }

    public override FeatureRecorder Another(NovelNames names) => new CategorySample(name);
}
