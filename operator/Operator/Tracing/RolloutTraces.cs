using System.Diagnostics;
using Sluice.Kubernetes.Informers;
using Sluice.Operator.Api;
using Sluice.Operator.Metrics;

namespace Sluice.Operator.Tracing;

/// <summary>
/// A trace per attempt: a span <c>rollout</c>, and under it one for each stage of each step, told as it ends. Times are
/// those of the status, which a new leader reads too; it goes on in a trace of its own.
/// </summary>
internal sealed class RolloutTraces(Leadership leadership, TimeProvider time) : IDisposable
{
    public const string Name = "Sluice.Rollouts";

    static readonly ActivitySource Source = new(Name);

    readonly Lock gate = new();
    readonly Dictionary<(string Uid, int Attempt), Activity> open = [];

    public void Watch(Informer<InferenceService> services) => services.Subscribe(See);

    internal void See(Change<InferenceService> change)
    {
        if (!Source.HasListeners() || !leadership.Holds || change.Old is not { Status.Rollout: { Stage: { } stage, Attempt: { } attempt } before } old)
            return;
        var now = change.New?.Metadata.Uid == old.Metadata.Uid ? change.New : null;
        var after = now?.Status?.Rollout;
        if ((attempt, stage, before.Step) == (after?.Attempt, after?.Stage, after?.Step))
            return;
        var current = Activity.Current;
        // An attempt is no part of whatever this thread is doing.
        Activity.Current = null;
        lock (gate)
        {
            if (Root(old, before, attempt) is { } root)
            {
                var end = End(before, after);
                Tell(root, old, before, stage, end);
                if (after?.Stage is null || after.Attempt != attempt)
                    Close((old.Metadata.Uid ?? "", attempt), root, now?.Status?.History?.FirstOrDefault(h => h.Attempt == attempt), now is null ? "Deleted" : null, end);
            }
        }

        Activity.Current = current;
    }

    /// <summary>What goes on elsewhere is told as far as it got here.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var (attempt, root) in open)
                Close(attempt, root, ended: null, "HandedOver", time.GetUtcNow());
        }
    }

    Activity? Root(InferenceService service, RolloutStatus rollout, int attempt)
    {
        var key = (service.Metadata.Uid ?? "", attempt);
        if (open.TryGetValue(key, out var root))
            return root;
        root = Source.StartActivity("rollout", ActivityKind.Internal, default(ActivityContext), Of(service, attempt), links: null, rollout.StartedTime ?? default);
        Activity.Current = null;
        if (root is not null)
            open[key] = root;
        return root;
    }

    void Close((string Uid, int Attempt) key, Activity root, RolloutHistoryEntry? ended, string? otherwise, DateTimeOffset end)
    {
        open.Remove(key);
        root.SetTag("sluice.outcome", ended?.Outcome ?? otherwise).SetTag("sluice.reason", ended?.Reason).SetEndTime(end.UtcDateTime);
        if (ended?.Outcome == "RolledBack")
            root.SetStatus(ActivityStatusCode.Error, ended.Message);
        root.Stop();
    }

    DateTimeOffset End(RolloutStatus before, RolloutStatus? after) =>
        after?.StageTime is { } next && after.Attempt == before.Attempt && next >= (before.StageTime ?? before.StartedTime) ? next : time.GetUtcNow();

    static void Tell(Activity root, InferenceService service, RolloutStatus rollout, string stage, DateTimeOffset end)
    {
        var start = rollout.StageTime ?? rollout.StartedTime ?? end;
        using var span = Source.StartActivity(stage, ActivityKind.Internal, root.Context, Of(service, rollout.Attempt!.Value), links: null, start);
        span?.SetTag("sluice.step", rollout.Step).SetTag("sluice.weight", rollout.WeightDesired)
            .SetTag("sluice.candidate", service.Status?.Candidate?.Revision).SetTag("sluice.next_action", rollout.NextAction).SetEndTime(end.UtcDateTime);
    }

    static IEnumerable<KeyValuePair<string, object?>> Of(InferenceService service, int attempt) =>
    [
        new("k8s.namespace.name", service.Metadata.Namespace), new("sluice.inferenceservice", service.Metadata.Name), new("sluice.attempt", attempt),
    ];
}
