namespace Sluice.Rollouts;

/// <summary>One step of a rollout: what the candidate gets, and what must come before it gets more.</summary>
/// <param name="Weight">The candidate's share of users' requests, in percent.</param>
/// <param name="Shadow">The share of requests of which the candidate gets a copy, in percent.</param>
public sealed record Step(int Weight, int Shadow = 0)
{
    /// <summary>How long the exposure lasts at least, from the moment at which it has been observed.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How many copies must have been answered and compared at least.</summary>
    public int MinRequests { get; init; }

    /// <summary>The step is left only when a person approves it.</summary>
    public bool Approval { get; init; }

    /// <summary>The step is left only by a change of the steps: KServe's manual canary.</summary>
    public bool Held { get; init; }

    /// <summary>The candidate has all its pods whatever its share, so that it can be tried at full size.</summary>
    public bool FullSize { get; init; }

    /// <summary>Whether users' requests reach the candidate in some form, so that there is evidence to wait for.</summary>
    public bool Exposes => Weight > 0 || Shadow > 0;

    /// <summary>The share that pods must be there for, in percent.</summary>
    internal int Load => FullSize ? TrafficSplit.Whole : Math.Max(Weight, Shadow);

    /// <summary>All users, and nothing to wait for: that is promotion itself.</summary>
    internal bool IsPromotion => Weight == TrafficSplit.Whole && For <= TimeSpan.Zero && MinRequests == 0 && !Approval && !Held;
}
