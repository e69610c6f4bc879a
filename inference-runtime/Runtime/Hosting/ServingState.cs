using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Hosting;

/// <summary>What all ports of one runtime share.</summary>
internal sealed class ServingState(RuntimeMetrics metrics, ILogger logger, string version)
{
    private bool draining;

    public ModelCatalog Catalog { get; } = new();

    public RuntimeMetrics Metrics { get; } = metrics;

    public ILogger Logger { get; } = logger;

    /// <summary>Of this program.</summary>
    public string Version { get; } = version;

    public string Revision => Metrics.Revision;

    /// <summary>For requests that name no timeout; zero waits without end.</summary>
    public TimeSpan RequestTimeout { get; init; }

    /// <summary>Largest request body, unpacked, in bytes.</summary>
    public long MaxBody { get; init; } = 64 << 20;

    public bool IsDraining => Volatile.Read(ref draining);

    /// <summary>All models are loaded and warmed, and we are not about to stop.</summary>
    public bool IsReady => !IsDraining && Catalog.AllReady;

    public void BeginDrain() => Volatile.Write(ref draining, true);
}
