using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Monitoring.Drift;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Traffic;

namespace Sluice.Operator.Monitoring;

/// <summary>
/// Asks the pods of a service what they watched. A window that a pod has closed stays what it is, so a pod that does not
/// answer once is taken at its last word; and an operator that starts anew finds what the one before it knew.
/// </summary>
internal sealed class MonitorReader(Scrape scrape, TimeProvider time)
{
    const int AtOnce = 16;

    /// <summary>Windows take long to fill; while a rollout may wait for what they show, they are read more often.</summary>
    static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    static readonly TimeSpan RolloutPeriod = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<ObjectKey, MonitorMemory> memories = new();

    public void Forget(ObjectKey service) => memories.TryRemove(service, out _);

    /// <summary>When the pods of a service are to be asked next; null for one that nobody watches.</summary>
    public static TimeSpan? Every(InferenceService service) =>
        !IsWatched(service.Spec) ? null : service.Status?.Candidate is null ? Period : RolloutPeriod;

    public async Task<MonitorReading> ReadAsync(ServiceView view, CancellationToken cancel)
    {
        if (Every(view.Service) is not { } period)
        {
            Forget(view.Service.Key);
            return MonitorReading.None;
        }

        var memory = memories.GetOrAdd(view.Service.Key, static _ => new MonitorMemory());
        var now = time.GetUtcNow();
        var asked = (view.Service.Status?.Stable?.Revision, view.Service.Status?.Candidate?.Revision);
        if (memory.Asked == asked && now - memory.Time < period)
            return memory.Reading;
        memory.Settings = Settings(view.Service.Spec);
        var (stable, candidate) = (PodsOf(view, asked.Item1), PodsOf(view, asked.Item2));
        memory.Keep([.. stable, .. candidate]);
        await Parallel.ForEachAsync([.. stable, .. candidate], new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (Pod pod, CancellationToken stop) => await ReadAsync(view.Name, pod, memory, stop));
        memory.Reading = new MonitorReading(Together(asked.Item1, stable, memory), Together(asked.Item2, candidate, memory));
        (memory.Asked, memory.Time) = (asked, now);
        return memory.Reading;
    }

    /// <summary>Whether pods have something to say that somebody wants to hear.</summary>
    static bool IsWatched(InferenceServiceSpec spec) =>
        spec.Predictor.Monitoring is { Drift: not null } or { Feedback: not null }
        || spec.Rollout?.Gates?.Any(static g => g.Drift is not null || g.Accuracy is not null) is true;

    /// <summary>As the spec says now, whatever it said when the pods were made.</summary>
    static DriftSettings Settings(InferenceServiceSpec spec)
    {
        var (drift, defaults) = (spec.Predictor.Monitoring?.Drift, new DriftSettings());
        return new DriftSettings
        {
            Threshold = drift?.Threshold ?? defaults.Threshold,
            FalseAlarmRate = drift?.FalseAlarms ?? defaults.FalseAlarmRate,
            Method = drift?.Method is { } method ? DriftMethods.Find(WatchingInputs.MethodName(method)) : null,
        };
    }

    static Pod[] PodsOf(ServiceView view, string? revision) =>
        revision is null ? [] : [.. view.ReadyPods(revision).OrderBy(static p => p.Metadata.Name, StringComparer.Ordinal)];

    static WatchedRevision? Together(string? revision, Pod[] pods, MonitorMemory memory)
    {
        if (revision is null)
            return null;
        var said = pods.Select(memory.Of).OfType<PodMonitor>().ToArray();
        return WatchedRevision.Of(revision, said, pods.Length - said.Length);
    }

    async Task ReadAsync(string model, Pod pod, MonitorMemory memory, CancellationToken cancel)
    {
        var path = $"/v2/models/{Uri.EscapeDataString(model)}/";
        if (Parse(await scrape(pod, path + "monitoring", cancel), ContractJson.Default.MonitorDocument) is not { } document)
            return;
        var baseline = memory.Of(pod)?.Baseline;
        if (baseline is null && document.BaselineRows is not null && await scrape(pod, path + "baseline", cancel) is { } text)
            baseline = memory.Share(text);
        // What is not closed yet is of no use here, and may be large.
        memory.Heard(pod, new PodMonitor(pod.Metadata.Name!, document with { Open = null }, baseline));
    }

    static T? Parse<T>(string? text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
