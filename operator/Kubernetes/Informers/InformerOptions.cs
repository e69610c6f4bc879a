using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Informers;

/// <summary>What an informer looks at and how patient it is. The numbers are those of client-go.</summary>
public sealed record InformerOptions
{
    /// <summary>Null for all namespaces.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seeded from entropy when null.</summary>
    public Jitter? Jitter { get; init; }

    public ILogger Log { get; init; } = NullLogger.Instance;

    public int PageSize { get; init; } = 500;

    /// <summary>A watch lives for a random time from here …</summary>
    public TimeSpan MinWatch { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>… to here, so that not all of them come back at once.</summary>
    public TimeSpan MaxWatch { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A watch that ends sooner and without an event is an error, or it would spin.</summary>
    public TimeSpan VeryShortWatch { get; init; } = TimeSpan.FromSeconds(1);

    public Backoff Backoff { get; init; } = new(TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(30)) { Floor = 0 };

    /// <summary>After this time without an error the backoff starts again at its first step.</summary>
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.FromMinutes(2);
}
