using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sluice.Kubernetes.Controllers;

public sealed record ControllerOptions
{
    public int Workers { get; init; } = 4;

    /// <summary>A pass that takes longer is cancelled and counts as failed.</summary>
    public TimeSpan PassTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the first lists may take.</summary>
    public TimeSpan SyncTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long running passes may take to finish after a stop.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILogger Log { get; init; } = NullLogger.Instance;
}
