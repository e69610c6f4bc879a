using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>Dynamic batching: requests that wait for a turn run as one, where that is right for the model and gains time.</summary>
public sealed record BatcherSpec
{
    /// <summary>Of <see cref="MaxBatchSize"/>.</summary>
    internal const int DefaultMaxBatchSize = 32;

    /// <summary>The most rows in one run. Default 32.</summary>
    [CrdDefault("32"), Minimum(1), Maximum(65536)]
    public int? MaxBatchSize { get; init; }

    /// <summary>What a run may take longer for the rows of others. Nothing waits for a request that is not there. Default 5ms.</summary>
    [CrdDefault("\"5ms\"")]
    [Cel("duration(self) <= duration('10s')", "a request must not wait longer than 10s for others")]
    public Duration? MaxLatency { get; init; }
}
