using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Election;

/// <summary>Which lease to hold and how. The times are those of kube-controller-manager.</summary>
public sealed record LeaderElectionOptions
{
    /// <summary>Namespace and name of the Lease.</summary>
    public required ObjectKey Lease { get; init; }

    /// <summary>Unique per process: two with the same identity would both lead. See <see cref="UniqueIdentity"/>.</summary>
    public required string Identity { get; init; }

    /// <summary>How long others wait after the lease last changed before they take it.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long we go on without a successful renewal.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two tries, and the limit of each.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seeded from entropy when null.</summary>
    public Jitter? Jitter { get; init; }

    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>The pod's name and something random, so that a restarted pod does not take itself for its former self.</summary>
    public static string UniqueIdentity(string pod) => $"{pod}_{Guid.NewGuid():N}";

    /// <exception cref="ArgumentException">Times that do not exclude two leaders.</exception>
    internal static void Validate(LeaderElectionOptions options)
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
    }

    private string? Problem()
    {
        if (Duration < TimeSpan.FromSeconds(1) || RetryPeriod <= TimeSpan.Zero)
            return "The lease duration must be at least a second and the retry period positive.";
        if (Duration <= RenewDeadline)
            return $"The lease duration ({Duration}) must be longer than the renew deadline ({RenewDeadline}), or two could lead.";
        if (RenewDeadline <= RetryPeriod * 1.2)
        {
            return $"The renew deadline ({RenewDeadline}) must be longer than 1.2 times the retry period ({RetryPeriod}), "
                + "or one lost answer ends leadership.";
        }

        return string.IsNullOrEmpty(Identity)
            ? "An elector needs an identity; an empty one means that nobody holds the lease."
            : null;
    }
}

/// <summary>Somebody else may lead now. Whoever sees this ends the process at once, without tidying up.</summary>
public sealed class LeadershipLostException(string message) : Exception(message);
