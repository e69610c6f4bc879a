using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Rollouts;

namespace Sluice.Operator.Status;

/// <summary>The conditions of a service, each from the same facts.</summary>
internal static class ConditionsFor
{
    /// <summary>A message is for people.</summary>
    const int PodsNamed = 3;

    public static IEnumerable<Condition> Render(StatusInput input)
    {
        var stall = Stall(input);
        var progress = stall is null ? Progress(input) : null;
        yield return Ready(input);
        yield return Promoted(input);
        yield return progress is null
            ? False(ConditionTypes.Reconciling, Reasons.Settled, "Nothing is under way.")
            : True(ConditionTypes.Reconciling, progress.Reason, progress.Message);
        yield return stall is null
            ? False(ConditionTypes.Stalled, progress is null ? Reasons.Settled : Reasons.Progressing, "Nothing is in the way.")
            : True(ConditionTypes.Stalled, stall.Reason, stall.Message);
        if (input.Decision.Front is not null)
            yield return TrafficReady(input);
        if (input.Candidate is { } candidate)
            yield return CandidateHealthy(input, candidate);
        else if (input.Decision.Refused is { } refused)
            yield return False(ConditionTypes.CandidateHealthy, refused.Reason, refused.Message);
        if (GateStatus.Condition(input) is { } gates)
            yield return gates;
        if (input.Decision.ApprovalNeeded is { } needed)
            yield return True(ConditionTypes.ApprovalRequired, Reasons.AwaitingApproval, needed);
        if (input.Plan.Paused)
            yield return True(ConditionTypes.Paused, Reasons.Paused, "rollout.paused is true: a new revision waits before users are sent to it.");
        foreach (var condition in input.Monitoring?.Conditions() ?? [])
            yield return condition;
        yield return SpecHonoured(input);
    }

    static Condition Ready(StatusInput input)
    {
        if (input.IsServing && (input.Stable ?? input.Candidate) is { } serving)
            return True(ConditionTypes.Ready, Reasons.Serving, $"{input.ReadyPods(serving)}.");
        var failure = input.Seen.Of(input.Stable)?.Failure ?? (input.Stable is null ? Obstacle(input) ?? input.CandidateFailure : Obstacle(input));
        if (failure is not null)
            return False(ConditionTypes.Ready, failure.Reason, failure.Message);
        return input.Stable is { } stable
            ? False(ConditionTypes.Ready, Reasons.NoReadyPods, $"{input.ReadyPods(stable)}.")
            : False(ConditionTypes.Ready, Reasons.Starting, input.Decision.NextAction);
    }

    static Condition Promoted(StatusInput input)
    {
        if (input.IsPromoted)
            return True(ConditionTypes.Promoted, Reasons.Promoted, $"{input.Stable!.Title} is what the spec asks for.");
        var reason = Obstacle(input)?.Reason ?? input.Decision.Refused?.Reason ?? input.Decision.State.Leaving?.Reason ?? input.CandidateFailure?.Reason
            ?? (input.Decision.Overdue ? Reasons.ProgressDeadlineExceeded : null)
            ?? (input.Plan.Paused && input.Stable is not null ? Reasons.Paused : Reasons.RolloutInProgress);
        var message = Obstacle(input)?.Message ?? input.Decision.NextAction;
        return False(ConditionTypes.Promoted, reason, input.Stable is { } stable && input.IsServing ? $"{stable.Title} keeps serving. {message}" : message);
    }

    /// <summary>Why nothing moves until somebody changes something.</summary>
    static Failure? Stall(StatusInput input)
    {
        if (input.Obstacles.Count > 0)
            return input.Obstacles[0];
        if (input.SpecProblem is { Final: true } problem)
            return problem;
        if (input.Decision.Refused is { } refused)
            return refused;
        if (input.CandidateFailure is { Final: true } failure && input.Decision.State.Leaving is null)
            return failure with { Message = input.Decision.NextAction };
        return input.Decision.Overdue && input.Candidate is { } candidate
            ? new Failure(
                input.CandidateFailure?.Reason ?? Reasons.ProgressDeadlineExceeded,
                $"{candidate.Title} is not Ready after {input.Plan.ProgressDeadline.TotalMinutes:0.#} minutes. {input.Decision.NextAction}",
                Final: true)
            : null;
    }

    static Failure? Progress(StatusInput input)
    {
        if (input.SpecProblem is { } problem)
            return problem;
        if (!input.IsPromoted || input.Decision.State.Stage is not null)
            return new Failure(Reasons.RolloutInProgress, input.Decision.NextAction, Final: false);
        var stable = input.Stable!;
        return input.Seen.ReadyOf(stable) < input.FloorOf(stable) || !input.Seen.FrontIsAt(stable)
            ? new Failure(Reasons.Progressing, $"{input.ReadyPods(stable)}.", Final: false)
            : null;
    }

    static Condition TrafficReady(StatusInput input)
    {
        var split = input.Decision.Split!;
        if (input.RouteAwaited is { } awaited)
            return False(ConditionTypes.TrafficReady, Reasons.SplitPending, $"Users' requests should go: {split}. {awaited}");
        var pending = input.Seen.Front.Selected != input.Decision.Front || !input.Seen.Front.Serving.SetEquals([input.Decision.Front!]) ? Behind(input.Seen.Front)
            : input.Decision.State.Step is not null && !split.Equals(input.Seen.Split) ? Applied(input)
            : null;
        return pending is null
            ? True(ConditionTypes.TrafficReady, Reasons.SplitObserved, $"Users' requests go: {split}.")
            : False(ConditionTypes.TrafficReady, Reasons.SplitPending, $"Users' requests should go: {split}. {pending}");
    }

    static string Behind(FrontObservation front) =>
        $"Seen behind the Service: {(front.Serving.Count == 0 ? "no Ready pod" : string.Join(", ", front.Serving.Order(StringComparer.Ordinal)))}.";

    static string Applied(StatusInput input) => (input.Seen.Split, input.Behind) switch
    {
        ({ } applied, _) => $"The pods apply: {applied}.",
        (_, { Count: > 0 } behind) => $"Not known to apply what was last written: {string.Join(", ", behind.Take(PodsNamed))}{(behind.Count > PodsNamed ? $" and {behind.Count - PodsNamed} more" : "")}.",
        _ => "No Ready pod says what it applies.",
    };

    static Condition CandidateHealthy(StatusInput input, Revision candidate)
    {
        if (input.Seen.ReadyOf(candidate) >= Math.Max(input.FloorOf(candidate), 1))
            return True(ConditionTypes.CandidateHealthy, Reasons.PodsReady, $"{input.ReadyPods(candidate)}.");
        return input.CandidateFailure is { } failure
            ? False(ConditionTypes.CandidateHealthy, failure.Reason, failure.Message)
            : Make(ConditionTypes.CandidateHealthy, ConditionStatus.Unknown, Reasons.PodsStarting, $"{input.ReadyPods(candidate)}.");
    }

    static Condition SpecHonoured(StatusInput input)
    {
        if (input.Stable is { } served && input.Plan.Abort == served.Digest && input.Candidate is null && input.Decision.State.Soak is null)
        {
            return False(ConditionTypes.SpecHonoured, Reasons.AbortTooLate,
                $"rollout.abort names {served.Title}, which serves, and nothing earlier is kept for the way back: name another version in spec.predictor.model to go back.");
        }

        var fields = UnhonouredFields.Of(input.Service.Spec);
        if (input.ScaleUnread is { } unread)
        {
            return False(ConditionTypes.SpecHonoured, Reasons.MetricUnavailable,
                $"The number of pods is to follow requests, and the cluster's autoscaler cannot read them: {unread.TrimEnd('.')}. A custom metrics API with the rules of config/prometheus-adapter serves them; until then the number stays as it is."
                + (fields.Count == 0 ? "" : $" {UnhonouredMessage(fields)}"));
        }

        return fields.Count == 0
            ? True(ConditionTypes.SpecHonoured, Reasons.AllFieldsHonoured, "Every field of the spec has its effect.")
            : False(ConditionTypes.SpecHonoured, Reasons.FieldsNotYetHonoured, UnhonouredMessage(fields));
    }

    public static string UnhonouredMessage(IReadOnlyList<string> fields) =>
        $"Without effect in this version of Sluice: {string.Join(", ", fields.Select(static f => $"spec.{f}"))}.";

    static Failure? Obstacle(StatusInput input) => input.Obstacles.Count > 0 ? input.Obstacles[0] : input.SpecProblem;

    static Condition True(string type, string reason, string message) => Make(type, ConditionStatus.True, reason, message);

    static Condition False(string type, string reason, string message) => Make(type, ConditionStatus.False, reason, message);

    static Condition Make(string type, string status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
