using Sluice.Support.Models;

namespace Sluice.Integration.BadModels;

/// <summary>What goes wrong with new versions. The slowest to be found out are begun first.</summary>
internal static class BadModelList
{
    const string WrongDigest = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>What may still come right is waited for, here not for long.</summary>
    const string Impatient = "{strategy: Canary, progressDeadline: 45s}";

    public static IReadOnlyList<BadModel> All { get; } =
    [
        new("stalled download", IrisModels.Good(), "Unreachable") { Says = "nothing came for 30 s", Stalls = true, Rollout = "{strategy: Canary, progressDeadline: 110s}" },
        new("missing secret", IrisModels.Good(), "CredentialsMissing") { Says = "Secret \"nowhere\"", Field = "credentials: {secretName: nowhere}", Rollout = Impatient },
        new("pod that cannot be scheduled", IrisModels.Good(), "Unschedulable") { Says = "1 Insufficient cpu", Resources = "requests: {cpu: 1000, memory: 16Mi}", Rollout = Impatient },
        new("2 % errors", IrisModels.FailingForSome(), "GateFailed")
        {
            Says = "failed against",
            Serves = true,
            Rollout = "{strategy: Canary, steps: [{weight: 50, for: 1h}], gates: [{name: errors, errorRate: {maxOverStable: 0.002}}]}",
        },
        new("five times slower", IrisModels.Slow(2_000), "GateFailed")
        {
            Says = "p50 of",
            Serves = true,
            Stable = IrisModels.Slow(400),
            Rollout = "{strategy: Canary, steps: [{weight: 20, for: 1h}], gates: [{name: speed, latency: {quantile: 0.5, maxRatio: 1.5}}]}",
        },
        new("NaN answers", IrisModels.WithNan(), "GateFailed") { Says = "of the answers" },
        new("classes swapped", File.ReadAllBytes(TestModels.File("iris/3-wrong")), "GateFailed")
        {
            Says = "of the answers differed",
            Stable = File.ReadAllBytes(TestModels.File("iris/2")),
        },
        // Whichever comes first: the second crash of its pod, or what the first one did to requests.
        new("crash on first request", IrisModels.CrashingOnRequests(), "ContainerFailed", "GateFailed")
        {
            Serves = true,
            Rollout = "{strategy: Canary, steps: [{weight: 20, for: 1h}]}",
        },
        new("crash on every start", IrisModels.CrashingAlways(), "ContainerFailed") { Says = "SIGFPE" },
        new("memory above its limit", IrisModels.NeedingMemory(400), "OOMKilled")
        {
            Says = "limits.memory",
            Resources = BadModel.SmallResources + ", limits: {memory: 256Mi}",
        },
        new("changed signature", IrisModels.WithOtherInput(), "SignatureChanged") { Says = "'input' is gone", Registered = true, NeverStarts = true },
        new("opset too new", IrisModels.OfTooNewOpset(), "UnsupportedOperator") { Says = "Opset 99" },
        new("wrong digest", IrisModels.Good(), "DigestMismatch") { Says = WrongDigest, Field = $"sha256: \"{WrongDigest}\"" },
        new("truncated file", IrisModels.CutInHalf(), "CorruptModel") { Says = "cut off" },
    ];
}
