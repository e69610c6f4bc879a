namespace Sluice.Operator.Api;

/// <summary>Dynamic batching: requests that arrive close together run as one.</summary>
public sealed record BatcherSpec
{
    /// <summary>The most rows in one run. Default 32.</summary>
    public int? MaxBatchSize { get; init; }

    /// <summary>The longest that a request waits for others, as a duration. Default 5ms.</summary>
    public Duration? MaxLatency { get; init; }
}
