using System.Collections.Immutable;

namespace Sluice.Rollouts;

/// <summary>The shares of the revisions, in percent. Shares are not negative, sum to 100, and name a revision once.</summary>
/// <remarks>
/// The pods of the first revision divide what reaches them; those of every other one answer it themselves, so that a
/// candidate can be tried and the front can move to it. A candidate is named also with a share of 0, and no more once
/// it was taken back: so the split after the last share looks like no earlier one.
/// </remarks>
public sealed class TrafficSplit : IEquatable<TrafficSplit>
{
    public const int Whole = 100;

    private TrafficSplit(ImmutableArray<Share> shares, Share? copies)
    {
        Shares = shares;
        Copies = copies;
    }

    /// <summary>In the order given; stable comes first.</summary>
    public ImmutableArray<Share> Shares { get; }

    /// <summary>Who gets copies of which share of the requests, beside the answers that users get; null when nobody does.</summary>
    public Share? Copies { get; }

    public static TrafficSplit AllTo(string revision) => new([new Share(revision, Whole)], null);

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
            ? new TrafficSplit([.. shares], null)
            : throw new ArgumentException($"The shares sum to {sum} percent, not to 100.", nameof(shares));
    }

    /// <summary>The same shares, and copies of some requests to one of the revisions.</summary>
    /// <exception cref="ArgumentException">The percentage is none, or the revision has no share, not even 0.</exception>
    public TrafficSplit Copying(string revision, int percent)
    {
        if (percent is < 0 or > Whole)
            throw new ArgumentException($"{percent} % of copies for {revision} is not within 0 to 100 percent.", nameof(percent));
        if (!Names(revision))
            throw new ArgumentException($"{revision} is to get copies and is not in the split.", nameof(revision));
        return new(Shares, percent == 0 ? null : new Share(revision, percent));
    }

    public bool Names(string revision) => Shares.Any(s => s.Revision == revision);

    /// <summary>Whether any request gets to this revision, be it a copy.</summary>
    public bool Reaches(string revision) => PercentOf(revision) > 0 || Copies?.Revision == revision;

    public int PercentOf(string revision)
    {
        foreach (var share in Shares)
        {
            if (share.Revision == revision)
                return share.Percent;
        }

        return 0;
    }

    public bool Equals(TrafficSplit? other) => other is not null && Copies == other.Copies && Shares.AsSpan().SequenceEqual(other.Shares.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as TrafficSplit);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var share in Shares)
            hash.Add(share);
        hash.Add(Copies);
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(", ", Shares.Select(static s => $"{s.Revision} {s.Percent} %"))
        + (Copies is { } copies ? $", copies of {copies.Percent} % to {copies.Revision}" : "");
}

/// <summary>One revision's share in percent.</summary>
public readonly record struct Share(string Revision, int Percent);
