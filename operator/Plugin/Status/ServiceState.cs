using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Status;

/// <summary>How a service is, in one word that scripts and people share. The order of the questions is that of the Argo CD health check.</summary>
/// <param name="Word">Settled, UnderWay, WaitsForPerson, Stopped or NotServing.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Why">In a sentence.</param>
internal sealed record ServiceState(string Word, int ExitCode, string Why)
{
    public static ServiceState Of(InferenceService service)
    {
        if (service.Metadata.DeletionTimestamp is not null)
            return UnderWay("Being deleted");
        if (service.Status is not { } status || status.ObservedGeneration != service.Metadata.Generation)
            return UnderWay("Waiting for the operator to see the new spec");
        if (Holds(status, ConditionTypes.Stalled))
            return Because(status, ConditionTypes.Stalled, Holds(status, ConditionTypes.Ready) ? Stopped : NotServing);
        if (Holds(status, ConditionTypes.ApprovalRequired))
            return Because(status, ConditionTypes.ApprovalRequired, WaitsForPerson);
        if (status is { Candidate: not null, Stable: not null } && Holds(status, ConditionTypes.Paused))
            return WaitsForPerson($"Paused: {status.Rollout?.NextAction ?? Message(status, ConditionTypes.Paused)}");
        if (status.Candidate is not null && service.Spec.Predictor.CanaryTrafficPercent is not null && status.Rollout?.Stage == "Analyzing")
            return WaitsForPerson(status.Rollout.NextAction ?? "The share is held by canaryTrafficPercent.");
        if (Holds(status, ConditionTypes.Reconciling))
            return Because(status, ConditionTypes.Reconciling, UnderWay);
        if (!Holds(status, ConditionTypes.Ready))
            return Because(status, ConditionTypes.Ready, NotServing);
        return Because(status, ConditionTypes.Promoted, Holds(status, ConditionTypes.Promoted) ? Settled : Stopped);
    }

    static ServiceState Settled(string why) => new("Settled", ExitCodes.Done, why);

    static ServiceState UnderWay(string why) => new("UnderWay", ExitCodes.UnderWay, why);

    static ServiceState WaitsForPerson(string why) => new("WaitsForPerson", ExitCodes.WaitsForPerson, why);

    static ServiceState Stopped(string why) => new("Stopped", ExitCodes.Stopped, why);

    static ServiceState NotServing(string why) => new("NotServing", ExitCodes.NotServing, why);

    static bool Holds(InferenceServiceStatus status, string type) => ConditionList.IsTrue(status.Conditions, type);

    static ServiceState Because(InferenceServiceStatus status, string type, Func<string, ServiceState> state) =>
        state(Message(status, type));

    static string Message(InferenceServiceStatus status, string type) =>
        ConditionList.Find(status.Conditions, type)?.Message ?? $"no condition {type} in status";
}
