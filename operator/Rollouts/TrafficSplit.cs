using System.Collections.Immutable;

namespace Sluice.Rollouts;

/// <summary>The shares of the revisions, in percent. Shares are not negative, sum to 100, and name a revision once.</summary>
public sealed class TrafficSplit : IEquatable<TrafficSplit>
{
    public const int Whole = 100;

    private TrafficSplit(ImmutableArray<Share> shares) => Shares = shares;

    /// <summary>In the order given; stable comes first.</summary>
    public ImmutableArray<Share> Shares { get; }

    public static TrafficSplit AllTo(string revision) => new([new Share(revision, Whole)]);

    /// <exception cref="ArgumentException">The shares do not make a split.</exception>
    public static TrafficSplit Of(params ReadOnlySpan<Share> shares)
    {
        var sum = 0;
        var names = new HashSet<string>();
        foreach (var share in shares)
        {
            if (share.Percent is < 0 or > Whole)
                throw new ArgumentException($"{share.Percent} % for {share.Revision} is not a share of 0 to 100 percent.", nameof(shares));
            if (!names.Add(share.Revision))
                throw new ArgumentException($"{share.Revision} has two shares.", nameof(shares));
            sum += share.Percent;
        }

        return sum == Whole
            ? new TrafficSplit([.. shares])
            : throw new ArgumentException($"The shares sum to {sum} percent, not to 100.", nameof(shares));
    }

    public int PercentOf(string revision)
    {
        foreach (var share in Shares)
        {
            if (share.Revision == revision)
                return share.Percent;
        }

        return 0;
    }

    public bool Equals(TrafficSplit? other) => other is not null && Shares.AsSpan().SequenceEqual(other.Shares.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as TrafficSplit);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var share in Shares)
            hash.Add(share);
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(", ", Shares.Select(static s => $"{s.Revision} {s.Percent} %"));
}

/// <summary>One revision's share in percent.</summary>
public readonly record struct Share(string Revision, int Percent);
