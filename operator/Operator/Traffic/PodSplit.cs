using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Contract;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Evidence;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Traffic;

/// <summary>
/// The split that the serving pods carry out themselves: read back from each of them, and made known to those that are
/// behind. It is written as one of the wanted objects, see <see cref="SplitConfigMapFor"/>.
/// </summary>
internal sealed class PodSplit(KubeClient client, Scrape scrape, TimeProvider time)
{
    const int AtOnce = 16;

    /// <summary>A pod that has not heard by then is told once more.</summary>
    static readonly TimeSpan ToldAgainAfter = TimeSpan.FromSeconds(3);

    readonly ConcurrentDictionary<ObjectKey, Memory> memories = new();

    public void Forget(ObjectKey service) => memories.TryRemove(service, out _);

    /// <summary>Asks the pods that divide requests; nobody while the split concerns nobody.</summary>
    public async Task<SplitReading> ReadAsync(ServiceView view, CancellationToken cancel)
    {
        if (!Concerns(view) || view.Split is not { } map || !view.Owns(map) || SplitDocuments.Read(map) is not { } document)
            return SplitReading.None;
        var pods = view.ReadyPods(document.Shares[0].Revision).ToArray();
        var said = new EvidenceDocument?[pods.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, pods.Length),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (i, stop) => said[i] = await SaidAsync(pods[i], stop));
        ImmutableArray<Pod> behind = [.. pods.Where((_, i) => said[i]?.Generation != document.Generation)];
        var memory = memories.GetOrAdd(view.Service.Key, static _ => new Memory());
        // What we wrote last is in force or will be soon, whatever the cache says.
        var known = memory.Written <= document.Generation;
        var counted = RunningStep.Of(view.Service.Status) is { } step
            ? memory.Ledger.Add(step, [.. pods.Zip(said, static (pod, said) => new PodEvidence(pod, said))]) : null;
        return new SplitReading(
            known && pods.Length > 0 && behind.IsEmpty ? SplitDocuments.ToSplit(document) : null,
            behind,
            counted is null ? null : memory.Ledger.Comparisons)
        {
            Counted = counted,
        };
    }

    /// <summary>
    /// An annotation on a pod makes the kubelet look at its volumes at once; without it, that takes a minute and more.
    /// </summary>
    public async Task TellAsync(ServiceView view, ConfigMap written, SplitReading reading, Fence fence, CancellationToken cancel)
    {
        if (!Concerns(view) || SplitDocuments.Read(written) is not { } document)
            return;
        memories.GetOrAdd(view.Service.Key, static _ => new Memory()).Written = document.Generation;
        var changed = SplitDocuments.Read(view.Split)?.Generation != document.Generation;
        var pods = changed ? Dividing(view, document.Shares[0].Revision) : reading.Behind;
        var now = time.GetUtcNow();
        foreach (var pod in pods.Where(p => IsToBeTold(p, document.Generation, now)))
        {
            await fence.ConfirmAsync(cancel);
            await TellAsync(pod, new Told(document.Generation, now), cancel);
        }
    }

    /// <summary>A service that changes nothing, or all at once, has no shares that anybody must believe in.</summary>
    public static bool Concerns(ServiceView view) =>
        view.Service.Status is { } status
        && (status.Rollout?.Step is not null
            || (status.Candidate is not null && status.Stable is not null && !StepsFor.Spec(view.Service.Spec).IsEmpty));

    async Task<EvidenceDocument?> SaidAsync(Pod pod, CancellationToken cancel)
    {
        var text = await scrape(pod, EvidenceDocument.Path, cancel);
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, ContractJson.Default.EvidenceDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static ImmutableArray<Pod> Dividing(ServiceView view, string revision) =>
        [.. view.Pods.Where(p => p.Metadata.Label(Labels.Revision) == revision && p.Metadata.DeletionTimestamp is null)];

    static bool IsToBeTold(Pod pod, long generation, DateTimeOffset now) =>
        Told.Read(pod.Metadata.Annotations?.GetValueOrDefault(Labels.Split)) is not { } told
        || told.Generation != generation || now - told.Time > ToldAgainAfter;

    async Task TellAsync(Pod pod, Told told, CancellationToken cancel)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = pod.Metadata.Uid,
                ["annotations"] = new JsonObject { [Labels.Split] = told.ToString() },
            },
        };
        try
        {
            await client.MergePatchAsync(Pod.Kind, pod.Metadata.Key, JsonSerializer.SerializeToElement(patch, KubeJson.Default.JsonObject), cancel: cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound || e.IsConflict)
        {
            // The pod is gone, or another one bears its name: that one reads the split as it is now.
        }
    }

    sealed class Memory
    {
        long written;

        public long Written
        {
            get => Volatile.Read(ref written);
            set => Volatile.Write(ref written, value);
        }

        public EvidenceLedger Ledger { get; } = new();
    }
}
