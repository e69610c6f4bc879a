using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Status;

/// <summary>The whole status of a ModelVersion. Its artifact is not looked at yet: a pod that fetches it says what is wrong with it.</summary>
internal static class ModelVersionStatusFor
{
    public static ModelVersionStatus Render(ModelVersion version, DateTimeOffset now)
    {
        var generation = version.Metadata.Generation;
        var conditions = Conditions(version.Spec).Select(c => c with { ObservedGeneration = generation }).ToArray();
        return new ModelVersionStatus
        {
            ObservedGeneration = generation,
            Conditions = ConditionList.Carry(version.Status?.Conditions, conditions, now),
            Digest = version.Spec.Sha256 is { } hex ? $"sha256:{hex.ToLowerInvariant()}" : null,
        };
    }

    static IEnumerable<Condition> Conditions(ModelVersionSpec spec)
    {
        if (SourceFor.FormatProblem(spec.Format) is { } format)
            yield return Make(ConditionTypes.Ready, ConditionStatus.False, Reasons.UnsupportedFormat, format);
        else if (StorageUris.Problem(spec.StorageUri) is { } address)
            yield return Make(ConditionTypes.Ready, ConditionStatus.False, Reasons.InvalidStorageUri, address);
        else
            yield return Make(ConditionTypes.Ready, ConditionStatus.True, Reasons.TakenAsIs, "Services may use it; its address is taken as it is, and its digest is checked when a pod fetches it.");
        var fields = UnhonouredFields.Of(spec);
        yield return fields.Count == 0
            ? Make(ConditionTypes.SpecHonoured, ConditionStatus.True, Reasons.AllFieldsHonoured, "Every field of the spec has its effect.")
            : Make(ConditionTypes.SpecHonoured, ConditionStatus.False, Reasons.FieldsNotYetHonoured, ConditionsFor.UnhonouredMessage(fields));
    }

    static Condition Make(string type, string status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
