using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;

namespace Sluice.Kubernetes.Diagnostics;

/// <summary>One instrument, with the tags that its measurements carry.</summary>
public sealed record MeterInstrument(Instrument Instrument, ImmutableArray<string> Tags);

/// <summary>Instruments of the meter <see cref="Name"/>; exporting them is the program's affair.</summary>
public static class Meters
{
    public const string Name = "Sluice.Kubernetes";

    internal static readonly Meter Meter = new(Name);

    private static readonly ImmutableArray<MeterInstrument>.Builder Defined = ImmutableArray.CreateBuilder<MeterInstrument>();

    private static readonly Counter<long> Requests = Define(Meter.CreateCounter<long>(
        "sluice_kubernetes_requests", "{request}", "Requests to the API server by verb and code."), "verb", "code");

    private static readonly Histogram<double> RequestDuration = Define(Meter.CreateHistogram<double>(
        "sluice_kubernetes_request_duration", "s", "Time to an answer by verb; to the headers for watches."), "verb");

    private static readonly Counter<long> Retries = Define(Meter.CreateCounter<long>(
        "sluice_kubernetes_request_retries", "{request}", "Requests that were repeated because the server was busy."), "verb");

    private static readonly Counter<long> Lists = Define(Meter.CreateCounter<long>(
        "sluice_kubernetes_lists", "{list}", "Lists started by informer."), "informer");

    private static readonly Counter<long> WatchRestarts = Define(Meter.CreateCounter<long>(
        "sluice_kubernetes_watch_restarts", "{watch}", "Watches that ended, by informer and reason."), "informer", "reason");

    private static readonly Counter<long> QueueAdds = Define(Meter.CreateCounter<long>(
        "sluice_workqueue_adds", "{key}", "Keys that became due."), "queue");

    private static readonly UpDownCounter<long> QueueDepth = Define(Meter.CreateUpDownCounter<long>(
        "sluice_workqueue_depth", "{key}", "Keys that wait for a worker."), "queue");

    private static readonly Histogram<double> QueueLatency = Define(Meter.CreateHistogram<double>(
        "sluice_workqueue_latency", "s", "Time a due key waits for a worker."), "queue");

    private static readonly Counter<long> QueueRetries = Define(Meter.CreateCounter<long>(
        "sluice_workqueue_retries", "{key}", "Keys that come again because their pass failed."), "queue");

    private static readonly Counter<long> Passes = Define(Meter.CreateCounter<long>(
        "sluice_reconcile_passes", "{pass}", "Passes by controller and outcome."), "controller", "outcome");

    private static readonly Histogram<double> PassDuration = Define(Meter.CreateHistogram<double>(
        "sluice_reconcile_duration", "s", "Time of a pass by controller."), "controller");

    private static readonly UpDownCounter<long> Leaders = Define(Meter.CreateUpDownCounter<long>(
        "sluice_leader", "{leader}", "1 while this process holds the lease."), "lease");

    private static readonly Counter<long> Events = Define(Meter.CreateCounter<long>(
        "sluice_events", "{event}", "Events by what became of them: created, counted, lost."), "result");

    /// <summary>All of them, in the order of this file.</summary>
    public static ImmutableArray<MeterInstrument> Instruments { get; } = Defined.ToImmutable();

    private static T Define<T>(T instrument, params ReadOnlySpan<string> tags)
        where T : Instrument
    {
        Defined.Add(new MeterInstrument(instrument, [.. tags]));
        return instrument;
    }

    internal static string Code(HttpStatusCode code) => ((int)code).ToString(CultureInfo.InvariantCulture);

    internal static void Request(string verb, string code, TimeSpan duration)
    {
        Requests.Add(1, new TagList { { "verb", verb }, { "code", code } });
        RequestDuration.Record(duration.TotalSeconds, new TagList { { "verb", verb } });
    }

    internal static void Leading(string lease, int change) => Leaders.Add(change, new TagList { { "lease", lease } });

    internal static void Event(string result) => Events.Add(1, new TagList { { "result", result } });

    internal static void Retry(string verb) => Retries.Add(1, new TagList { { "verb", verb } });

    internal static void Listed(string informer) => Lists.Add(1, new TagList { { "informer", informer } });

    internal static void WatchRestarted(string informer, string reason) =>
        WatchRestarts.Add(1, new TagList { { "informer", informer }, { "reason", reason } });

    internal static void QueueAdded(string queue)
    {
        var tags = new TagList { { "queue", queue } };
        QueueAdds.Add(1, tags);
        QueueDepth.Add(1, tags);
    }

    internal static void QueueTaken(string queue, TimeSpan waited)
    {
        var tags = new TagList { { "queue", queue } };
        QueueDepth.Add(-1, tags);
        QueueLatency.Record(waited.TotalSeconds, tags);
    }

    internal static void QueueRetry(string queue) => QueueRetries.Add(1, new TagList { { "queue", queue } });

    internal static void Reconciled(string controller, string outcome, TimeSpan duration)
    {
        Passes.Add(1, new TagList { { "controller", controller }, { "outcome", outcome } });
        PassDuration.Record(duration.TotalSeconds, new TagList { { "controller", controller } });
    }
}
