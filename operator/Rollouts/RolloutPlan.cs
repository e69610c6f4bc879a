namespace Sluice.Rollouts;

/// <summary>What the spec asks of a rollout.</summary>
/// <param name="Wanted">The revision that should serve; null when the spec cannot be resolved to one.</param>
/// <param name="MinReplicas">The fewest pods of a revision that serves, at least 1.</param>
/// <param name="MaxReplicas">The most pods of a revision; above <paramref name="MinReplicas"/> an autoscaler decides.</param>
/// <param name="ProgressDeadline">How long a candidate may take to become Ready.</param>
/// <param name="Paused">Holds a candidate before it gets traffic. The first rollout and the way back ignore it.</param>
public sealed record RolloutPlan(Revision? Wanted, int MinReplicas, int MaxReplicas, TimeSpan ProgressDeadline, bool Paused)
{
    public bool Autoscaled => MaxReplicas > MinReplicas;
}
