using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Tests.Support;
using Sluice.Operator.Versions;
using static Sluice.Operator.Tests.Versions.Samples;

namespace Sluice.Operator.Tests.Versions;

/// <summary>A ModelVersion is looked at once, again when that may help, and never again when it cannot.</summary>
public sealed class VerificationTests
{
    [Fact]
    public void A_new_version_gets_one_Job_and_says_so()
    {
        var version = Version();

        var first = Look(version);
        var told = After(version, first);
        var second = Look(told, Created(first.Create!));

        first.Create!.Key.Should().Be(Look(told).Create!.Key, "a Job that somebody deletes is made again by the same name");
        second.Create.Should().BeNull();
        Ready(told).Should().Be(("Unknown", "Verifying"));
        Progress(told).Should().Be(("True", "False"));
        After(told, second).Status.Should().BeEquivalentTo(told.Status, "nothing has happened since");
    }

    [Fact]
    public void What_the_pod_found_is_told_and_counts()
    {
        var version = Version();
        var job = Created(Look(version).Create!, "Complete");

        var proven = After(version, Look(version, job, Reporting(job, Report)));

        Ready(proven).Should().Be(("True", "Verified"));
        Progress(proven).Should().Be(("False", "False"));
        proven.Status.Should().BeEquivalentTo(new
        {
            Digest = "sha256:" + Digest,
            ShortDigest = Digest[..12],
            SizeBytes = 1234,
            Opset = 17,
            IrVersion = 8,
            Producer = "skl2onnx 1.17",
            Metadata = new Dictionary<string, string> { ["commit"] = "0a1b2c", ["note"] = new('x', 1024) },
            ExternalData = new[] { "weights.bin" },
            FailedAttempts = (int?)null,
            NextAttemptTime = (DateTimeOffset?)null,
        });
        proven.Status!.Signature!.Inputs!.Single().Shape.Should().Equal("batch", 4);
        Look(proven).Create.Should().BeNull("it is proven, also when the Job is gone");
        After(proven, Look(proven)).Status.Should().BeEquivalentTo(proven.Status);
    }

    [Theory]
    [InlineData(TerminationReasons.NotFound)]
    [InlineData(TerminationReasons.AccessDenied)]
    [InlineData(TerminationReasons.Unreachable)]
    [InlineData(TerminationReasons.WriteFailed)]
    public void A_fetch_that_fails_is_tried_again_later_and_says_when(string reason)
    {
        var version = Version();
        var job = Created(Look(version).Create!, "Failed", "BackoffLimitExceeded");

        var step = Look(version, job, FailingToFetch(job, reason));
        var failed = After(version, step);

        Ready(failed).Should().Be(("False", reason));
        Condition(failed, "Resolved").Status.Should().Be("False");
        Condition(failed, "Verified").Status.Should().Be("Unknown");
        Condition(failed, "Ready").Message.Should().Be("what happened. Tried once; the next try is at 2026-03-01T12:00:05Z.");
        step.Wake.Should().Be(Now.AddSeconds(5));
        Look(failed, job, FailingToFetch(job, reason), Now.AddSeconds(4)).Create.Should().BeNull("it is not time yet");
        var again = Look(failed, job, FailingToFetch(job, reason), Now.AddSeconds(5));
        again.Create!.Key.Should().NotBe(job.Key, "each try has its own Job");
        Ready(After(failed, again)).Should().Be(("False", reason), "a try under way is no news");
        Stalls(failed).Should().BeFalse();
        Progress(failed).Should().Be(("True", "False"), "whoever waits for it goes on waiting");
    }

    [Fact]
    public void What_may_still_come_to_be_compared_with_is_waited_for()
    {
        var version = Version("golden: {configMapName: later}");
        var job = Created(Look(version).Create!, "Failed");

        var step = Look(version, job, FailingToLoad(job, TerminationReasons.GoldenMissing));
        var failed = After(version, step);

        Ready(failed).Should().Be(("False", "GoldenMissing"));
        (Condition(failed, "Resolved").Status, Condition(failed, "Verified").Status).Should().Be(("True", "Unknown"));
        Condition(failed, "Verified").Message.Should().StartWith("what happened. Tried once");
        step.Wake.Should().Be(Now.AddSeconds(5));
    }

    [Fact]
    public void The_wait_doubles_up_to_ten_minutes_and_a_success_forgets_it()
    {
        var version = Version();
        var now = Now;
        var waits = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            var job = Created(Look(version, now: now).Create!, "Failed");
            var step = Look(version, job, FailingToFetch(job, "Unreachable"), now);
            waits.Add((step.Wake!.Value - now).TotalSeconds);
            version = After(version, step, now);
            now = step.Wake.Value;
        }

        waits.Should().Equal(5, 10, 20, 40, 80, 160, 320, 600, 600);
        version.Status!.FailedAttempts.Should().Be(9);
        var last = Created(Look(version, now: now).Create!, "Complete");
        var proven = After(version, Look(version, last, Reporting(last, Report), now));
        proven.Status!.FailedAttempts.Should().BeNull();
        Ready(proven).Status.Should().Be("True");
    }

    [Theory]
    [InlineData(TerminationReasons.DigestMismatch, true, "True")]
    [InlineData(TerminationReasons.TooLarge, true, "False")]
    [InlineData(TerminationReasons.InvalidUri, true, "False")]
    [InlineData(TerminationReasons.CorruptModel, false, "True")]
    [InlineData(TerminationReasons.UnsupportedOperator, false, "True")]
    [InlineData(TerminationReasons.GoldenMismatch, false, "True")]
    public void A_wrong_artifact_is_final(string reason, bool fetching, string resolved)
    {
        var version = Version();
        var job = Created(Look(version).Create!, "Failed");

        var step = Look(version, job, fetching ? FailingToFetch(job, reason) : FailingToLoad(job, reason));
        var refused = After(version, step);

        Ready(refused).Should().Be(("False", reason));
        Stalls(refused).Should().BeTrue("a service that asks for it waits for nothing");
        Progress(refused).Should().Be(("False", "True"), "whoever waits for it is told");
        Condition(refused, "Verified").Status.Should().Be("False");
        Condition(refused, "Resolved").Status.Should().Be(resolved);
        Condition(refused, "Ready").Message.Should().StartWith("what happened. This is final");
        step.Wake.Should().BeNull();
        Look(refused, now: Now.AddDays(1)).Should().Be(new VerificationStep(new Finding.Settled()), "nothing can change it");
        refused.Status!.Digest.Should().BeNull();
    }

    [Fact]
    public void A_pinned_digest_is_given_to_the_pod_and_checked_once_more()
    {
        var other = new string('0', 64);
        var version = Version($"sha256: '{other}'");
        var job = Look(version).Create!;

        job.Spec!.Template!.Spec!.InitContainers!.Single().Args.Should().ContainInConsecutiveOrder("--sha256", other);
        var refused = After(version, Look(version, Created(job), Reporting(Created(job), Report)));
        Ready(refused).Should().Be(("False", "DigestMismatch"));
        Condition(refused, "Ready").Message.Should().Contain(Digest).And.Contain(other);
    }

    [Fact]
    public void A_signature_that_differs_is_told_by_its_first_difference()
    {
        var version = Version("signature: {inputs: [{name: X, datatype: FP64, shape: [-1, 4]}]}");
        var job = Created(Look(version).Create!);

        var refused = After(version, Look(version, job, Reporting(job, Report)));

        Ready(refused).Should().Be(("False", "SignatureMismatch"));
        Condition(refused, "Ready").Message.Should().StartWith(
            "Spec.signature has the input 'X' as FP64 [-1, 4], the artifact has it as FP32 [batch, 4].");
    }

    [Fact]
    public void A_signature_that_nobody_could_compare_is_not_taken_for_a_match()
    {
        var version = Version("signature: {inputs: [{name: X, datatype: FP32}]}");
        var job = Created(Look(version).Create!);

        var step = Look(version, job, Reporting(job, Report with { SignatureShortened = true }));

        Ready(After(version, step)).Should().Be(("False", "SignatureMismatch"));
    }

    [Fact]
    public void A_spec_that_cannot_work_needs_no_Job()
    {
        Look(Version(uri: "pvc://")).Should().Match<VerificationStep>(static s => s.Create == null && s.Finding is Finding.Refused);
        Ready(After(Version(uri: "pvc://"), Look(Version(uri: "pvc://")))).Should().Be(("False", "InvalidStorageUri"));
    }

    [Fact]
    public void A_Job_seen_to_end_before_its_pod_is_waited_for_and_then_tried_again()
    {
        var version = Version();
        var job = Created(Look(version).Create!, "Complete");

        var early = Look(version, job, now: Now.AddSeconds(1));
        var late = Look(version, job, now: Now.AddSeconds(10));

        early.Finding.Should().BeOfType<Finding.Working>();
        early.Wake.Should().Be(Now.AddSeconds(10));
        late.Finding.Should().BeOfType<Finding.Failed>().Which.Failure.Reason.Should().Be("ResultLost");
    }

    [Fact]
    public void A_Job_that_runs_out_of_time_is_tried_again()
    {
        var version = Version();
        var job = Created(Look(version).Create!, "Failed", "DeadlineExceeded");

        Look(version, job).Finding.Should().BeOfType<Finding.Failed>().Which.Failure.Reason.Should().Be("DeadlineExceeded");
    }

    [Fact]
    public void What_keeps_a_pod_from_beginning_is_told()
    {
        var version = Version();
        var job = Created(Look(version).Create!);
        var pod = Pod(job, "Pending") with
        {
            Status = new PodStatus { Phase = "Pending", Conditions = [new PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "claim 'models' not found" }] },
        };

        var told = After(version, Look(version, job, pod));

        Ready(told).Should().Be(("Unknown", "Verifying"));
        Condition(told, "Ready").Message.Should().Contain("Unschedulable").And.Contain("claim 'models' not found");
    }

    [Fact]
    public void A_version_that_was_deleted_and_made_again_is_another_one()
    {
        var version = Version();
        var again = version with { Metadata = version.Metadata with { Uid = "uid-other" } };
        var job = Created(Look(version).Create!, "Complete");

        Look(again, job, Reporting(job, Report)).Create!.Key.Should().NotBe(job.Key);
    }

    [Fact]
    public void A_pod_of_another_Job_is_not_listened_to()
    {
        var version = Version();
        var job = Created(Look(version).Create!);
        var other = job with { Metadata = job.Metadata with { Uid = "uid-old-job" } };

        Look(version, job, Reporting(other, Report)).Finding.Should().BeOfType<Finding.Working>();
    }

    /// <summary>Whether a service that names the version is told that waiting does not help.</summary>
    static bool Stalls(ModelVersion version) =>
        SourceFor.Resolve(Manifests.Service($"{{predictor: {{model: {{version: {version.Metadata.Name}}}}}}}"), version, []).Problem!.Final;

    static (string? Status, string? Reason) Ready(ModelVersion version) =>
        (Condition(version, ConditionTypes.Ready).Status, Condition(version, ConditionTypes.Ready).Reason);

    /// <summary>What kstatus and those who use it look at.</summary>
    static (string? Reconciling, string? Stalled) Progress(ModelVersion version) =>
        (Condition(version, ConditionTypes.Reconciling).Status, Condition(version, ConditionTypes.Stalled).Status);

    static Condition Condition(ModelVersion version, string type) => ConditionList.Find(version.Status!.Conditions, type)!;
}
