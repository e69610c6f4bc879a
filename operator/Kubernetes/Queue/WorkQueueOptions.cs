namespace Sluice.Kubernetes.Queue;

/// <summary>How patient a queue is with keys that fail.</summary>
public sealed record WorkQueueOptions
{
    /// <summary>Per key.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(5));

    /// <summary>For all keys together; only retries count.</summary>
    public double RetriesPerSecond { get; init; } = 10;

    public int RetryBurst { get; init; } = 100;
}
