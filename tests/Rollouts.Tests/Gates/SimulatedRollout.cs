using System.Collections.Immutable;
using Sluice.Rollouts.Evidence;
using Sluice.Rollouts.Records;

namespace Sluice.Rollouts.Tests.Gates;

/// <summary>How a rollout ended.</summary>
/// <param name="Outcome">Null when it was still held when the time was over.</param>
/// <param name="Exposed">Requests of users that the candidate was given.</param>
/// <param name="NextAction">What was waited for when the time was over.</param>
internal sealed record SimulatedEnd(RolloutOutcome? Outcome, long Exposed, TimeSpan Took, string Why, string NextAction);

/// <summary>What a simulated rollout is like beside its traffic.</summary>
internal sealed record Setting(ImmutableArray<Step> Steps, ImmutableArray<Gate> Gates)
{
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(6);

    /// <summary>When somebody takes the candidate back.</summary>
    public TimeSpan? AbortAt { get; init; }

    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What becomes of the evidence on its way.</summary>
    public Func<StepEvidence, StepEvidence> Way { get; init; } = static e => e;

    /// <summary>Is told of each decision.</summary>
    public Action<RecordedDecision, AskedFor>? Decided { get; init; }
}

/// <summary>A whole rollout by the planner, with pods that do at once what they are told, judged every second.</summary>
internal static class SimulatedRollout
{
    public static SimulatedEnd Run(SimulatedTraffic traffic, Setting setting)
    {
        var (steps, gates) = (setting.Steps, setting.Gates);
        var plan = Given.Plan(Given.B) with { Steps = steps, Gates = [.. gates.Select(static g => g.Name)], Approve = new Approval(Given.B.Digest, null) };
        var nextAction = "";
        var state = Given.Serving(Given.A);
        var (now, split, front) = (Given.Noon, TrafficSplit.AllTo("a"), "a");
        ImmutableArray<RevisionObservation> pods = [Given.Pods(Given.A, 1)];
        ImmutableArray<Finding> findings = [];
        (int?, DateTimeOffset?) looked = default;
        while (now < Given.Noon + setting.Longest)
        {
            if (looked != (state.Step, state.StepTime))
            {
                looked = (state.Step, state.StepTime);
                traffic.Forget();
            }

            traffic.Second(split.PercentOf("b"), split.Copies?.Percent ?? 0);
            var judged = state is { Step: { } step, StepTime: { } since } ? Judged.Of(gates, steps, step, setting.Way(traffic.Seen()), now - since) : null;
            findings = judged?.Findings ?? [];
            var seen = new Observation(pods, new FrontObservation(front, [front]))
            {
                Split = split,
                Verdicts = [.. findings.Select(f => f.For(state.Attempt, state.Step))],
            };
            if (now - Given.Noon >= setting.AbortAt)
                plan = plan with { Abort = Given.B.Digest };
            var decision = Rollout.Next(plan, state, seen, now);
            setting.Decided?.Invoke(RecordedDecision.Of(state, seen, judged, decision, now), new AskedFor(plan, gates));
            nextAction = decision.NextAction;
            state = decision.State;
            if (state.Outcome is { } outcome && state.Candidate is null && state.Attempt == 2)
                return new SimulatedEnd(outcome, traffic.Exposed, now - Given.Noon, state.History[0].Message, nextAction);
            (split, front) = (decision.Split!, decision.Front!);
            pods = [.. decision.Revisions.Select(static r => Given.Pods(r.Revision, r.Floor, r.Floor))];
            now += setting.Look;
        }

        var open = string.Join("; ", findings.Where(static f => f.Verdict is not Verdict.Pass).Select(static f => $"{f.Gate}: {f.Message}"));
        return new SimulatedEnd(null, traffic.Exposed, setting.Longest, $"step {state.Step}: {open}", nextAction);
    }
}
