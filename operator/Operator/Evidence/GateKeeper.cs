using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Traffic;
using Sluice.Rollouts.Evidence;
using Sluice.Rollouts.Records;

namespace Sluice.Operator.Evidence;

/// <summary>What the gates of each service say of the step that runs.</summary>
/// <param name="queries">Asks Prometheus; null where none is configured.</param>
internal sealed class GateKeeper(PrometheusQueries? queries, TimeProvider time)
{
    /// <summary>How often status tells of evidence that grows and decides nothing.</summary>
    static readonly TimeSpan Refresh = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<ObjectKey, Memory> memories = new();

    public void Forget(ObjectKey service) => memories.TryRemove(service, out _);

    /// <returns>Null while nothing is to be judged.</returns>
    public async Task<Judged?> JudgeAsync(ServiceView view, SplitReading reading, CancellationToken cancel)
    {
        var spec = view.Service.Spec;
        var steps = StepsFor.Spec(spec);
        var gates = GatesFor.Spec(spec, steps);
        if (gates.IsEmpty || RunningStep.Of(view.Service.Status) is not { } step)
        {
            Forget(view.Service.Key);
            return null;
        }

        var memory = memories.GetOrAdd(view.Service.Key, static _ => new Memory());
        var evidence = memory.Watched.AddTo(reading.Counted ?? new StepEvidence { Incomplete = "the pods of stable have not been asked" }, step, reading.Watched);
        if (queries is not null)
            evidence = evidence with { Queries = await queries.AskAsync(Asked(spec), cancel) };
        else if (Asked(spec).Any())
            evidence = evidence with { Incomplete = "the operator knows no Prometheus: start it with --prometheus-url" };
        var now = time.GetUtcNow();
        var judged = Judged.Of(gates, steps, step.Step, evidence, now - step.Since);
        if (memory.Step == step && now - memory.Since < Refresh && memory.Shown is { } shown && SayTheSame(shown.Findings, judged.Findings))
            return shown;
        (memory.Step, memory.Since, memory.Shown) = (step, now, judged);
        return judged;
    }

    static bool SayTheSame(ImmutableArray<Finding> before, ImmutableArray<Finding> now) =>
        before.Select(static f => (f.Gate, f.Verdict)).SequenceEqual(now.Select(static f => (f.Gate, f.Verdict)));

    static IEnumerable<(string Gate, string Query)> Asked(InferenceServiceSpec spec) =>
        (spec.Rollout?.Gates ?? []).Where(static g => g.Prometheus is not null).Select(static g => (g.Name, g.Prometheus!.Query));

    sealed class Memory
    {
        public WatchedEvidence Watched { get; } = new();

        public RunningStep? Step { get; set; }

        public DateTimeOffset Since { get; set; }

        public Judged? Shown { get; set; }
    }
}
