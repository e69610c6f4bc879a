using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>Dynamic batching: requests that arrive close together run as one. Without effect in this version; the condition SpecHonoured says so.</summary>
public sealed record BatcherSpec
{
    /// <summary>The most rows in one run. Default 32.</summary>
    [CrdDefault("32"), Minimum(1), Maximum(65536)]
    public int? MaxBatchSize { get; init; }

    /// <summary>The longest that a request waits for others, as a duration. Default 5ms.</summary>
    [CrdDefault("\"5ms\"")]
    [Cel("duration(self) <= duration('10s')", "a request must not wait longer than 10s for others")]
    public Duration? MaxLatency { get; init; }
}
