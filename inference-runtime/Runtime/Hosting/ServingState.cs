using Sluice.Runtime.Auth;
using Sluice.Runtime.Http;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;
using Sluice.Runtime.Payloads;
using Sluice.Runtime.Routing;

namespace Sluice.Runtime.Hosting;

/// <summary>What all ports of one runtime share.</summary>
internal sealed class ServingState(RuntimeMetrics metrics, ILogger logger, string version)
{
    private bool draining;
    private Unpacking? unpacking;

    public ModelCatalog Catalog { get; } = new();

    public RuntimeMetrics Metrics { get; } = metrics;

    public ILogger Logger { get; } = logger;

    /// <summary>Of this program.</summary>
    public string Version { get; } = version;

    public string Revision => Metrics.Revision;

    /// <summary>For requests that name no timeout; zero waits without end.</summary>
    public TimeSpan RequestTimeout { get; init; }

    /// <summary>REST requests are answered on the threads that read them, see <see cref="EventThread"/>.</summary>
    public bool OnEventThread { get; init; }

    /// <summary>Largest request body, unpacked, in bytes.</summary>
    public long MaxBody { get; init; } = 64 << 20;

    /// <summary>Of packed bodies, on all ports together.</summary>
    public Unpacking Unpacking => LazyInitializer.EnsureInitialized(ref unpacking, () => new Unpacking(MaxBody));

    /// <summary>How requests are shared out among revisions; null answers all here.</summary>
    public Split? Split { get; init; }

    /// <summary>Told what was asked and answered; null logs nothing.</summary>
    public PayloadLog? Payloads { get; init; }

    /// <summary>Who may ask; null lets everybody in.</summary>
    public ApiKeys? Keys { get; init; }

    public bool IsDraining => Volatile.Read(ref draining);

    /// <summary>All models are loaded and warmed, the split is known if there is one, and we are not about to stop.</summary>
    public bool IsReady => !IsDraining && Catalog.AllReady && HasSplit;

    /// <summary>False while a split was asked for and could not be read yet.</summary>
    public bool HasSplit => Split is null or { Table: not null };

    public void BeginDrain() => Volatile.Write(ref draining, true);
}
