using System.Collections.Immutable;
using Sluice.Contract;
using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;
using Sluice.Onnx;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Monitoring;

/// <summary>
/// Watches one version of a model: threads record calls into shards, a timer collects them into a window, and a window
/// that is full is compared with the baseline.
/// </summary>
internal sealed class ModelMonitor
{
    private const int LeastShards = 4;
    private const int ColumnsOfShards = 512;

    private readonly Lock collecting = new();
    private readonly MonitorSettings settings;
    private readonly MonitorSeries series;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ImmutableArray<Port> inputs;
    private readonly ImmutableArray<Port> outputs;
    private Shards shards;
    private DriftTest? test;
    private Profile? baseline;
    private Profile? open;
    private WindowDocument? closed;
    private DateTimeOffset opened;
    private long sequence = 1;

    /// <param name="inputs">Of the model.</param>
    /// <param name="outputs">Of the model.</param>
    /// <param name="baseline">Null learns one.</param>
    /// <param name="settings">What counts as drift, and when.</param>
    /// <param name="series">Where results are published.</param>
    /// <param name="time">Dates the windows.</param>
    /// <param name="logger">Told of drift.</param>
    public ModelMonitor(
        ImmutableArray<Port> inputs,
        ImmutableArray<Port> outputs,
        Profile? baseline,
        MonitorSettings settings,
        MonitorSeries series,
        TimeProvider time,
        ILogger logger)
    {
        (this.inputs, this.outputs) = (inputs, outputs);
        (this.settings, this.series, this.time, this.logger) = (settings, series, time, logger);
        opened = time.GetUtcNow();
        shards = baseline is null ? Learn() : Watch(baseline);
    }

    /// <summary>What is not watched, and why.</summary>
    public IReadOnlyList<string> Unwatched { get; private set; } = [];

    /// <summary>The baseline in force, in the order and with the columns that are watched; null while it is learnt.</summary>
    public Profile? Baseline
    {
        get
        {
            lock (collecting)
                return baseline;
        }
    }

    /// <summary>Records a call that succeeded, on the thread that ran it. Never throws.</summary>
    public void Record(RunFrame frame)
    {
        try
        {
            Volatile.Read(ref shards).Record(frame);
        }
        catch (Exception e)
        {
            // Watching must not cost a request its answer.
            series.Failed();
            Log.NotRecorded(logger, series.Model, e);
        }
    }

    /// <summary>Collects what was recorded, and closes the window when it is full.</summary>
    public void Collect()
    {
        lock (collecting)
        {
            var now = time.GetUtcNow();
            if (test is null)
            {
                if (shards.CountRows() < settings.RowsToLearn)
                    return;
                var learnt = shards.Take();
                Volatile.Write(ref shards, Watch(learnt));
                Log.BaselineLearnt(logger, series.Model, learnt.Rows);
                opened = now;
                return;
            }
            var taken = shards.Take();
            if (taken.Rows > 0)
                series.Recorded(taken);
            open = open is null ? taken : open.Merge(taken);
            if (IsFull(now))
                Close(now);
        }
    }

    public MonitorDocument Document()
    {
        Collect();
        lock (collecting)
        {
            return new MonitorDocument
            {
                Model = series.Model,
                Version = series.Version,
                Revision = series.Revision,
                BaselineRows = baseline?.Rows,
                RowsToLearn = test is null ? Math.Max(0, settings.RowsToLearn - shards.CountRows()) : null,
                Unwatched = Unwatched,
                Open = open is null ? null : Window(open, end: null, report: null),
                Closed = closed,
            };
        }
    }

    private bool IsFull(DateTimeOffset now) =>
        open!.Rows >= settings.WindowRows || (open.Rows >= DriftTest.LeastRows && now - opened >= settings.WindowTime);

    private void Close(DateTimeOffset now)
    {
        var report = test!.Compare(open!);
        closed = Window(open!, now, report);
        series.Closed(open!, report);
        if (report.IsDrifted)
            Log.Drifted(logger, series.Model, report.Rows, Summary(report));
        (open, opened) = (null, now);
        sequence++;
    }

    private WindowDocument Window(Profile profile, DateTimeOffset? end, DriftReport? report) => new()
    {
        Sequence = sequence,
        Start = opened,
        End = end,
        Profile = profile.ToDocument(),
        Drift = report?.ToDocument(),
    };

    private Shards Learn()
    {
        WatchPlan asked = WatchPlan.ToLearn(inputs, areOutputs: false), answered = WatchPlan.ToLearn(outputs, areOutputs: true);
        Unwatched = [.. asked.Unwatched, .. answered.Unwatched];
        // One place for all threads, so that not each of them keeps a sample.
        return new Shards(asked, answered, wanted: 1) { RowLimit = settings.RowsToLearn };
    }

    private Shards Watch(Profile of)
    {
        WatchPlan asked = WatchPlan.For(inputs, of.Features), answered = WatchPlan.For(outputs, of.Predictions);
        Unwatched = [.. asked.Unwatched, .. answered.Unwatched];
        baseline = of;
        test = new DriftTest(of, settings.Drift);
        // A thread holds one for microseconds, so a few do where many columns would make many of them large.
        var columns = asked.Recorders.Length + answered.Recorders.Length;
        return new Shards(asked, answered, Math.Min(2 * Environment.ProcessorCount, Math.Max(LeastShards, ColumnsOfShards / Math.Max(1, columns))));
    }

    private static string Summary(DriftReport report) => string.Join(", ", report.Features.Concat(report.Predictions)
        .Where(static s => s.IsDrifted)
        .OrderByDescending(static s => s.Score / s.Threshold)
        .Take(5)
        .Select(static s => $"{s.Feature} {s.Method.Name()} {s.Score:0.###} above {s.Threshold:0.###}"));
}
