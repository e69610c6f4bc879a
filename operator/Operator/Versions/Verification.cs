using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;
using Sluice.Rollouts;

namespace Sluice.Operator.Versions;

/// <summary>What to do for a ModelVersion, and what to say of it.</summary>
/// <param name="Finding">For status.</param>
/// <param name="Create">A Job that must be there.</param>
/// <param name="Wake">When to look again although nothing has happened.</param>
internal sealed record VerificationStep(Finding Finding, Job? Create = null, DateTimeOffset? Wake = null);

/// <summary>
/// Decides on a ModelVersion; pure. Status alone remembers how many tries have failed, and each try has a Job of its own
/// name, so that a pass that is repeated finds what it did before.
/// </summary>
internal static class Verification
{
    static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(10);

    /// <summary>Characters, which a pod gets in a variable: Linux takes 128 KiB for one.</summary>
    const int LongestExpectations = 64 * 1024;

    /// <param name="version">As it is in the API.</param>
    /// <param name="jobs">Those that its label names.</param>
    /// <param name="pods">Their pods.</param>
    /// <param name="options">For the pod of a new Job.</param>
    /// <param name="now">Now.</param>
    public static VerificationStep Next(
        ModelVersion version, IReadOnlyList<Job> jobs, IReadOnlyList<Pod> pods, PodOptions options, DateTimeOffset now)
    {
        if (IsSettled(version))
            return new VerificationStep(new Finding.Settled());
        if (Problem(version.Spec) is { } problem)
            return new VerificationStep(new Finding.Refused(problem, Fetched: false, Report: null));
        var failed = version.Status?.FailedAttempts ?? 0;
        if (version.Status?.NextAttemptTime is { } next && now < next)
            return new VerificationStep(new Finding.Settled(), Wake: next);
        var wanted = VerifyJobFor.Render(version, failed + 1, options);
        var job = jobs.FirstOrDefault(j => j.Key == wanted.Key && j.Metadata.Controller?.Uid == version.Metadata.Uid);
        if (job is null)
            return new VerificationStep(Working(failed, null, wanted), wanted);
        return Of(version, failed, JobOutcome.Of(job, pods, now), job, now);
    }

    /// <summary>Proven or refused: the spec cannot change, and so neither can this.</summary>
    static bool IsSettled(ModelVersion version)
    {
        var verified = ConditionList.Find(version.Status?.Conditions, ConditionTypes.Verified);
        return verified is not null && verified.ObservedGeneration == version.Metadata.Generation
            && verified.Status is ConditionStatus.True or ConditionStatus.False;
    }

    static Failure? Problem(ModelVersionSpec spec)
    {
        if (SourceFor.FormatProblem(spec.Format) is { } format)
            return new Failure(Reasons.UnsupportedFormat, format, Final: true);
        if (SourceFor.ExpectationsOf(spec) is { Length: > LongestExpectations and var length })
        {
            return new Failure(
                TerminationReasons.InvalidExpectations,
                $"spec.expectations take {length / 1024} KiB as JSON, and a pod can be told {LongestExpectations / 1024} KiB; allow fewer values.",
                Final: true);
        }

        return StorageUris.Problem(spec.StorageUri) is { } address ? new Failure(Reasons.InvalidStorageUri, address, Final: true) : null;
    }

    static VerificationStep Of(ModelVersion version, int failed, JobOutcome outcome, Job job, DateTimeOffset now)
    {
        if (outcome.Report is { } report)
            return new VerificationStep(Judge(version, report));
        if (outcome.Failure is { Final: true } final)
            return new VerificationStep(new Finding.Refused(final, outcome.Fetched || final.Reason == TerminationReasons.DigestMismatch, Report: null));
        if (outcome.Failure is { } passing)
        {
            var next = WholeSeconds(now + Backoff(failed));
            return new VerificationStep(new Finding.Failed(passing, outcome.Fetched, failed + 1, next), Wake: next);
        }

        return new VerificationStep(Working(failed, outcome.Waiting, job), Wake: outcome.LookAgain);
    }

    /// <summary>A further try changes what is said only once it has come to something.</summary>
    static Finding Working(int failed, Failure? waiting, Job job)
    {
        if (waiting is not null)
            return new Finding.Working($"The pod of Job '{job.Metadata.Name}' waits: {waiting.Reason}: {waiting.Message}");
        return failed > 0 ? new Finding.Settled() : new Finding.Working($"The artifact is fetched and examined by Job '{job.Metadata.Name}'.");
    }

    static Finding Judge(ModelVersion version, ModelReport report)
    {
        var pinned = SourceFor.Of(version).Sha256;
        if (pinned is not null && pinned != report.Sha256)
        {
            return Refused(
                TerminationReasons.DigestMismatch, $"The artifact at {version.Spec.StorageUri} has the digest {report.Sha256}, and not {pinned}.", report);
        }

        var signature = SignatureFor.Of(report);
        if (version.Spec.Signature is { } wanted)
        {
            var difference = signature is null
                ? "the artifact has too many inputs and outputs for them to be compared with spec.signature; leave that out."
                : SignatureMatch.Difference(wanted, signature);
            if (difference is not null)
                return Refused(Reasons.SignatureMismatch, char.ToUpperInvariant(difference[0]) + difference[1..], report);
        }

        return new Finding.Proven(report, SignatureFor.Storable(signature));
    }

    static Finding.Refused Refused(string reason, string message, ModelReport report) =>
        new(new Failure(reason, message, Final: true), Fetched: true, report);

    /// <summary>Doubles with every failure.</summary>
    public static TimeSpan Backoff(int failedBefore)
    {
        var wait = FirstBackoff * Math.Pow(2, Math.Min(failedBefore, 16));
        return wait < LongestBackoff ? wait : LongestBackoff;
    }

    /// <summary>What the API keeps; rounded up, so that it is not read back as past.</summary>
    static DateTimeOffset WholeSeconds(DateTimeOffset time) =>
        time.Ticks % TimeSpan.TicksPerSecond is var rest and > 0 ? time.AddTicks(TimeSpan.TicksPerSecond - rest) : time;
}
