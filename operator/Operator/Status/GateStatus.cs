using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Rollouts;

namespace Sluice.Operator.Status;

/// <summary>What the gates say, for people.</summary>
internal static class GateStatus
{
    public static IReadOnlyList<GateEvidence>? Evidence(StatusInput input) => Shown(input) is not { Length: > 0 } findings ? null :
    [
        .. findings.Select(static f => new GateEvidence { Gate = f.Gate, Verdict = f.Verdict.ToString(), Samples = f.Samples, Message = f.Message }),
    ];

    public static Condition? Condition(StatusInput input)
    {
        if (Shown(input) is not { Length: > 0 } findings)
            return null;
        var word = findings.Select(static f => f.Verdict).Contains(Verdict.Fail) ? Verdict.Fail
            : findings.All(static f => f.Verdict is Verdict.Pass) ? Verdict.Pass : Verdict.Undecided;
        var telling = findings.Where(f => f.Verdict == word).ToArray();
        return new Condition
        {
            Type = ConditionTypes.GatesPassed,
            Status = word switch { Verdict.Pass => ConditionStatus.True, Verdict.Fail => ConditionStatus.False, _ => ConditionStatus.Unknown },
            Reason = word switch { Verdict.Pass => Reasons.GatesPassed, Verdict.Fail => Reasons.GateFailed, _ => Reasons.Undecided },
            Message = word is Verdict.Pass ? $"All {findings.Length} gates pass." : string.Join(" ", telling.Select(static f => $"{f.Gate}: {f.Message.TrimEnd('.')}.")),
        };
    }

    /// <summary>Nothing is told of an attempt that is over: its history says why.</summary>
    static Rollouts.Evidence.Finding[] Shown(StatusInput input) =>
        input.Decision.State.Candidate is not null && input.Decision.State.Attempt == input.Service.Status?.Rollout?.Attempt ? [.. input.Findings] : [];
}
