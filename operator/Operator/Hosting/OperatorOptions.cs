using System.Net;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Hosting;

/// <summary>What the command line says.</summary>
internal sealed record OperatorOptions
{
    public string? Kubeconfig { get; init; }

    public string? Context { get; init; }

    public required string RuntimeImage { get; init; }

    /// <summary>Null without one.</summary>
    public CacheVolume? ModelCache { get; init; }

    /// <summary>A quantity; null for the runtime's default.</summary>
    public string? ModelCacheSize { get; init; }

    /// <summary>OpenTelemetry's variables of new pods.</summary>
    public IReadOnlyDictionary<string, string> PodTelemetry { get; init; } = new Dictionary<string, string>();

    /// <summary>None for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    public required IPEndPoint Metrics { get; init; }

    public bool LeaderElect { get; init; }

    public required string LeaseNamespace { get; init; }

    /// <summary>For gates that ask Prometheus.</summary>
    public Uri? Prometheus { get; init; }

    public int Workers { get; init; } = DefaultWorkers;

    public const int DefaultWorkers = 8;

    /// <summary>Where the operator lives, unless it is told otherwise.</summary>
    public const string DefaultNamespace = "sluice-system";
}
