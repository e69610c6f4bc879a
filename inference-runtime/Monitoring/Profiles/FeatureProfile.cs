using System.Collections.Immutable;

namespace Sluice.Monitoring.Profiles;

/// <summary>How one input feature or prediction was distributed over some rows.</summary>
/// <param name="Name">As the model, or its baseline, calls it.</param>
/// <param name="Missing">Rows without a value: NaN, or an empty text.</param>
public abstract record FeatureProfile(string Name, long Missing)
{
    /// <summary>Rows with a value.</summary>
    public abstract long Count { get; }

    /// <summary>Rows with a value that the baseline did not have: beyond its edges, or another category.</summary>
    public abstract long Unexpected { get; }

    public double MissingShare => Count + Missing == 0 ? 0 : (double)Missing / (Count + Missing);

    /// <summary>The profile of both sets of rows together.</summary>
    /// <exception cref="ArgumentException">They are of different features, or their cells differ.</exception>
    /// <param name="other">The other.</param>
    /// <param name="names">New categories that are told by name.</param>
    public abstract FeatureProfile Merge(FeatureProfile other, int names = CategoryProfile.MergedLimit);

    protected ArgumentException Unlike(FeatureProfile other) =>
        new($"The profile of \"{Name}\" cannot be merged with that of \"{other.Name}\": they were not recorded for the same baseline.", nameof(other));
}

/// <summary>How numbers were distributed.</summary>
/// <param name="Moments">Of the finite numbers.</param>
/// <param name="Min">Smallest finite number; +∞ when there is none.</param>
/// <param name="Max">Largest finite number; -∞ when there is none.</param>
/// <param name="Edges">Of the cells, ascending. A cell holds its lower edge, the last one its upper edge as well.</param>
/// <param name="Counts">One more than edges: numbers below the first edge, in each cell, above the last edge.</param>
public sealed record NumberProfile(
    string Name, long Missing, Moments Moments, double Min, double Max, ImmutableArray<double> Edges, ImmutableArray<long> Counts)
    : FeatureProfile(Name, Missing)
{
    public override long Count => Counts.Sum();

    public override long Unexpected => Counts[0] + Counts[^1];

    public override FeatureProfile Merge(FeatureProfile other, int names = CategoryProfile.MergedLimit)
    {
        if (other is not NumberProfile with || with.Name != Name || !with.Edges.AsSpan().SequenceEqual(Edges.AsSpan()))
            throw Unlike(other);
        return this with
        {
            Missing = Missing + with.Missing,
            Moments = Moments + with.Moments,
            Min = Math.Min(Min, with.Min),
            Max = Math.Max(Max, with.Max),
            Counts = [.. Counts.Zip(with.Counts, static (a, b) => a + b)],
        };
    }
}

/// <summary>How categories were distributed.</summary>
/// <param name="Expected">Rows for each category of the baseline, in its order.</param>
/// <param name="Novel">
/// Rows for categories that the baseline does not name: of a recorder the first ones met, up to its bound, of a merge the
/// most frequent ones, up to <see cref="MergedLimit"/>, so that what callers send cannot fill the memory.
/// </param>
/// <param name="Cut">Rows whose category was met when that bound was reached; they are counted, not named.</param>
public sealed record CategoryProfile(
    string Name, long Missing, ImmutableArray<CategoryCount> Expected, ImmutableSortedDictionary<string, long> Novel, long Cut)
    : FeatureProfile(Name, Missing)
{
    /// <summary>New categories of a feature that profiles together tell by name; fewer, down to 8, where there are many such features.</summary>
    public const int MergedLimit = 64;

    /// <summary>Of all features together.</summary>
    private const int MergedNames = 256;

    private const int LeastNames = 8;

    /// <summary>New categories of each feature that a profile tells by name, given how many features have categories.</summary>
    public static int NamesOf(int features) => Math.Clamp(MergedNames / Math.Max(1, features), LeastNames, MergedLimit);

    public override long Count => Expected.Sum(static c => c.Count) + Unexpected;

    public override long Unexpected => Novel.Values.Sum() + Cut;

    public override FeatureProfile Merge(FeatureProfile other, int names = CategoryProfile.MergedLimit)
    {
        if (other is not CategoryProfile with || with.Name != Name
            || !with.Expected.Select(static c => c.Value).SequenceEqual(Expected.Select(static c => c.Value)))
        {
            throw Unlike(other);
        }
        var novel = Novel.ToBuilder();
        foreach (var (value, count) in with.Novel)
            novel[value] = novel.GetValueOrDefault(value) + count;
        var rare = novel.OrderByDescending(static n => n.Value).ThenBy(static n => n.Key, StringComparer.Ordinal).Skip(names).ToList();
        novel.RemoveRange(rare.Select(static n => n.Key));
        return this with
        {
            Missing = Missing + with.Missing,
            Expected = [.. Expected.Zip(with.Expected, static (a, b) => a with { Count = a.Count + b.Count })],
            Novel = novel.ToImmutable(),
            Cut = Cut + with.Cut + rare.Sum(static n => n.Value),
        };
    }
}

public readonly record struct CategoryCount(string Value, long Count);
