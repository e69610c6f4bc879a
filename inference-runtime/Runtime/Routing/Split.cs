using Sluice.Runtime.Hosting;
using Sluice.Runtime.Routing.Evidence;

namespace Sluice.Runtime.Routing;

/// <summary>
/// The split in force, kept up to date from a file. A document that cannot be applied changes nothing; before the first
/// good one there is no table, and the pod is not ready.
/// </summary>
internal sealed class Split : IAsyncDisposable
{
    /// <summary>A change has to be in force within 300 ms.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly SplitFile file;
    private readonly string path;
    private readonly string revision;
    private readonly ILogger logger;
    private readonly Recurring looking;
    private SplitTable? table;

    /// <param name="choice">Null draws at random.</param>
    public Split(string path, string revision, RoutingMetrics metrics, ILogger logger, Choice? choice = null)
    {
        Choice = choice ?? Choice.Random();
        Forwarder = new Forwarder(metrics.Time);
        Shadows = new ShadowQueue(metrics, Forwarder)
        {
            Compare = pair => PairComparison.Count(metrics.Evidence.Of(pair.Copy.Revision).Compared, pair),
        };
        (this.path, this.revision, Metrics, this.logger) = (path, revision, metrics, logger);
        file = new SplitFile(path);
        looking = new Recurring(Look, Interval, metrics.Time);
    }

    public RoutingMetrics Metrics { get; }

    public Choice Choice { get; }

    public Forwarder Forwarder { get; }

    public ShadowQueue Shadows { get; }

    /// <summary>Null before the first document that can be applied.</summary>
    public SplitTable? Table => Volatile.Read(ref table);

    /// <summary>Reads the document, and from then on its changes.</summary>
    public void Start()
    {
        Look();
        looking.Start();
        Shadows.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await looking.DisposeAsync();
        await Shadows.DisposeAsync();
        Forwarder.Dispose();
    }

    private void Look()
    {
        if (file.Read() is not { } reading)
            return;
        if (reading.Document is not { } document)
        {
            Metrics.Errors.Increment();
            Log.SplitRefused(logger, path, reading.Problem, Table?.Generation ?? 0);
            return;
        }
        var next = new SplitTable(document, revision, Metrics);
        Volatile.Write(ref table, next);
        Metrics.Generation.Set(next.Generation);
        Log.SplitApplied(
            logger, next.Generation, string.Join(", ", document.Shares.Select(s => $"{s.Revision} {s.Percent} %")));
    }
}
