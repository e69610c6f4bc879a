using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Rollouts;

namespace Sluice.Operator.Versions;

/// <summary>
/// Keeps a version away from users whose requests it would not take or whose answers would lack what they read, unless
/// the spec says that this is wanted.
/// </summary>
internal static class SignatureGate
{
    /// <param name="service">Whose spec is resolved; its status says who serves.</param>
    /// <param name="next">What the spec means.</param>
    /// <param name="records">By revision; the signature of the one that serves is in its record.</param>
    public static Failure? Problem(InferenceService service, ModelSource next, IReadOnlyDictionary<string, KnownRecord> records)
    {
        if (service.Spec.Rollout?.AllowSignatureChange is true || next.Signature is null
            || service.Status?.Stable is not { } stable
            || !records.TryGetValue(stable.Revision, out var serving) || serving.Record.Signature is not { } present)
            return null;
        return Difference(present, next.Signature) is not { } difference ? null : new Failure(
            Reasons.SignatureChanged,
            $"ModelVersion '{next.Version}' does not fit the callers of '{stable.Version ?? stable.Revision}', which serves: {difference} "
            + "Set spec.rollout.allowSignatureChange to true to roll it out all the same, or serve it under another name.",
            Final: true);
    }

    /// <summary>What callers of the one would notice first with the other, in a sentence; null when nothing.</summary>
    public static string? Difference(ModelSignature serving, ModelSignature next)
    {
        var (have, want) = (serving.Inputs ?? [], next.Inputs ?? []);
        foreach (var input in have)
        {
            if (want.FirstOrDefault(w => w.Name == input.Name) is not { } taken)
                return $"the input '{input.Name}' is gone.";
            if (taken.Datatype != input.Datatype || !Shapes.Takes(input.Shape, taken.Shape))
                return $"the input '{input.Name}' was {Shapes.Text(input)} and is {Shapes.Text(taken)}.";
        }

        if (want.FirstOrDefault(w => have.All(h => h.Name != w.Name)) is { } required)
            return $"the input '{required.Name}' ({Shapes.Text(required)}) is new and required.";
        foreach (var output in serving.Outputs ?? [])
        {
            if ((next.Outputs ?? []).FirstOrDefault(n => n.Name == output.Name) is not { } given)
                return $"the output '{output.Name}' is gone.";
            if (given.Datatype != output.Datatype || !Shapes.Agree(output.Shape, given.Shape))
                return $"the output '{output.Name}' was {Shapes.Text(output)} and is {Shapes.Text(given)}.";
        }

        return null;
    }
}
