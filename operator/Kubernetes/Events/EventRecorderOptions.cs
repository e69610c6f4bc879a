using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Events;

public sealed record EventRecorderOptions
{
    /// <summary>Who reports, as <c>kubectl describe</c> shows it, for example <c>sluice-operator</c>.</summary>
    public required string Component { get; init; }

    /// <summary>Which of several, usually the pod.</summary>
    public required string Instance { get; init; }

    /// <summary>A repeated event is written at most this often; the count between is not lost.</summary>
    public TimeSpan CountInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A repetition after this time is told as new.</summary>
    public TimeSpan SeriesEnd { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long sending what is left may take at the end.</summary>
    public TimeSpan FlushLimit { get; init; } = TimeSpan.FromSeconds(2);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seeded from entropy when null.</summary>
    public Jitter? Jitter { get; init; }

    public ILogger Log { get; init; } = NullLogger.Instance;

    internal static void Validate(EventRecorderOptions options)
    {
        if (string.IsNullOrEmpty(options.Component) || string.IsNullOrEmpty(options.Instance))
        {
            throw new ArgumentException(
                "Events need a reporting component and an instance; the API server refuses them otherwise.", nameof(options));
        }
    }
}
