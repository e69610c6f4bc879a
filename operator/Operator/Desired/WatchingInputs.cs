using System.Globalization;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Monitoring.Drift;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>
/// What a pod is told to watch, to log and to join, by the runtime's variables, so that what is given to no pod changes no
/// revision. What the runtime does anyway is left out.
/// </summary>
internal static class WatchingInputs
{
    const int DefaultWindow = 1000;
    const int DefaultQueueBytes = 16 << 20;
    const long DefaultLogBytes = 1 << 30;
    static readonly TimeSpan DefaultBatchLatency = TimeSpan.FromMilliseconds(5);

    static readonly DriftSettings Defaults = new();

    /// <returns>By name; null when there is nothing to tell.</returns>
    public static IReadOnlyDictionary<string, string>? Of(string service, PredictorSpec predictor, ModelSource source)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Drift(predictor.Monitoring?.Drift, source).Concat(Feedback(predictor.Monitoring?.Feedback)).Concat(Log(service, predictor.Logger)).Concat(Batching(predictor.Batcher)))
        {
            if (value is not null)
                variables.Add(name, value);
        }

        return variables.Count == 0 ? null : variables;
    }

    public static IEnumerable<EnvVar> Variables(RevisionInputs inputs) =>
        (inputs.Watching ?? new Dictionary<string, string>()).Select(static v => new EnvVar { Name = v.Key, Value = v.Value });

    static IEnumerable<(string Name, string? Value)> Drift(DriftSpec? drift, ModelSource source)
    {
        if (drift is null)
            yield break;
        // The runtime takes either a baseline or the wish to learn one.
        yield return (RuntimeVariables.LearnBaseline, source.BaselineConfigMap is null ? Text(drift.LearnBaseline) : null);
        yield return (RuntimeVariables.DriftWindow, drift.Window is DefaultWindow ? null : Text(drift.Window));
        yield return (RuntimeVariables.DriftWindowTime, drift.WindowTime?.ToString());
        yield return (RuntimeVariables.DriftThreshold, drift.Threshold == Defaults.Threshold ? null : Text(drift.Threshold));
        yield return (RuntimeVariables.DriftFalseAlarms, Text(drift.FalseAlarms));
        yield return (RuntimeVariables.DriftMethod, drift.Method is { } method ? MethodName(method) : null);
    }

    static IEnumerable<(string Name, string? Value)> Feedback(FeedbackSpec? feedback)
    {
        if (feedback is not null)
            yield return (RuntimeVariables.FeedbackWindow, Text(feedback.Window ?? FeedbackSpec.DefaultWindow));
    }

    static IEnumerable<(string Name, string? Value)> Batching(BatcherSpec? batcher)
    {
        if (batcher is null)
            yield break;
        yield return (RuntimeVariables.BatchSize, Text(batcher.MaxBatchSize ?? BatcherSpec.DefaultMaxBatchSize));
        yield return (RuntimeVariables.BatchLatency, batcher.MaxLatency is { } latency && latency.Value != DefaultBatchLatency ? latency.ToString() : null);
    }

    static IEnumerable<(string Name, string? Value)> Log(string service, LoggerSpec? logger)
    {
        if (logger is null)
            yield break;
        yield return (RuntimeVariables.PayloadLog, (logger.Mode ?? LoggerMode.All).ToString().ToLowerInvariant());
        yield return (RuntimeVariables.PayloadLogTo, logger.Volume is null ? logger.Url : VolumesFor.PayloadFolder(service));
        yield return (RuntimeVariables.PayloadLogMaxSize, logger.Volume?.MaxBytes is null or DefaultLogBytes ? null : Text(logger.Volume.MaxBytes));
        yield return (RuntimeVariables.PayloadLogQueue, logger.QueueBytes is DefaultQueueBytes ? null : Text(logger.QueueBytes));
        yield return (RuntimeVariables.PayloadLogBatch, logger.BatchSize is 1 ? null : Text(logger.BatchSize));
        yield return (RuntimeVariables.PayloadLogInterval, logger.Interval is { } interval && interval.Value > TimeSpan.Zero ? Milliseconds(interval.Value) : null);
        yield return (RuntimeVariables.PayloadLogSample, logger.SamplePercent is 100 ? null : Text(logger.SamplePercent));
        yield return (RuntimeVariables.PayloadLogExclude, List(logger.Exclude));
        yield return (RuntimeVariables.PayloadLogHeaders, List(logger.MetadataHeaders));
    }

    /// <summary>The runtime's word, which is the API's as well.</summary>
    public static string MethodName(DistanceMethod method) => JsonSerializer.SerializeToElement(method, ApiJson.Default.DistanceMethod).GetString()!;

    static string? List(IReadOnlyList<string>? names) => names is { Count: > 0 } ? string.Join(',', names) : null;

    static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms");

    static string? Text(double? number) => number?.ToString(CultureInfo.InvariantCulture);
}
