using static Sluice.Rollouts.Tests.Given;
using static Sluice.Rollouts.Tests.StepTests;

namespace Sluice.Rollouts.Tests;

/// <summary>The way back: open from everywhere, share first, pods last.</summary>
public sealed class WayBackTests
{
    static readonly RolloutPlan Gated = Plan(B) with { Steps = [new Step(5), new Step(50) { Approval = true }], Gates = ["errors"], Soak = TimeSpan.FromMinutes(10) };

    public static TheoryData<Stage> Stages => [Stage.Scaling, Stage.Shifting, Stage.Analyzing, Stage.AwaitingApproval, Stage.Promoting];

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_failed_gate_takes_the_share_at_once_and_first_even_while_paused(Stage stage)
    {
        var decision = Rollout.Next(Gated with { Paused = true }, AtStep(1, stage, Gated, weight: 50), Sharing(null, verdicts: Says(Verdict.Fail)), Noon);

        (decision.State.Stage, decision.Split, decision.Front).Should().Be((Stage.RollingBack, TrafficSplit.AllTo("a"), "a"));
        decision.Names().Should().BeEquivalentTo("a", "b");
        decision.Notes.Should().ContainSingle(static n => n.Reason == "GateFailed" && n.Warning);
    }

    [Fact]
    public void What_holds_a_rollout_does_not_hold_the_way_back()
    {
        var seen = Sharing(null, verdicts: Says(Verdict.Fail)) with { Hold = "the data has drifted." };

        Rollout.Next(Gated, AtStep(1, Stage.Analyzing, Gated, weight: 50), seen, Noon).State.Stage.Should().Be(Stage.RollingBack);
    }

    [Fact]
    public void The_candidate_keeps_its_pods_until_every_serving_pod_says_that_nothing_goes_to_it()
    {
        var leaving = Rollout.Next(Gated, AtStep(1, Stage.Analyzing, Gated, weight: 50), Sharing(Split(A, B, 50), verdicts: Says(Verdict.Fail)), Noon).State;

        Rollout.Next(Gated, leaving, Sharing(null), Noon).Names().Should().Contain("b");
        Rollout.Next(Gated, leaving, Sharing(Split(A, B, 0)), Noon).Names().Should().Contain("b", "a share of 0 may be the one before the last");
        var gone = Rollout.Next(Gated, leaving, Sharing(TrafficSplit.AllTo("a")), Noon);
        gone.Names().Should().Equal("a");
        gone.State.Should().BeEquivalentTo(new { Stable = A, Candidate = (Revision?)null, Outcome = RolloutOutcome.RolledBack });
        gone.State.History[0].Should().BeEquivalentTo(new { Attempt = 2, Reason = "GateFailed", Outcome = RolloutOutcome.RolledBack });
    }

    [Fact]
    public void What_failed_is_not_tried_again_until_retry_is_another_text()
    {
        var state = Serving(A) with { Blocked = [B.Digest], Retry = "1" };
        var seen = Seen(A, [A], Pods(A, 1));

        foreach (var retry in new[] { null, "1" })
        {
            var refused = Rollout.Next(Plan(B) with { Retry = retry }, state, seen, Noon);
            (refused.State.Candidate, refused.State.Retry).Should().Be((null, "1"));
            refused.Refused!.Message.Should().Contain("rollout.retry");
        }

        var again = Rollout.Next(Plan(B) with { Retry = "2" }, state, seen, Noon);
        (again.State.Candidate, again.State.Retry).Should().Be((B, "2"));
        Rollout.Next(Plan(C) with { Retry = "1" }, state, seen, Noon).State.Candidate.Should().Be(C);
    }

    [Fact]
    public void An_abort_is_for_one_digest()
    {
        var state = AtStep(0, Stage.Analyzing, Gated, weight: 5);

        Rollout.Next(Gated with { Abort = "sha256:other" }, state, Sharing(Split(A, B, 5)), Noon).State.Stage.Should().Be(Stage.Analyzing);
        var aborted = Rollout.Next(Gated with { Abort = B.Digest }, state, Sharing(Split(A, B, 5)), Noon);
        (aborted.State.Stage, aborted.State.Leaving!.Outcome, aborted.State.Weight).Should().Be((Stage.RollingBack, RolloutOutcome.Aborted, 0));
        var gone = Rollout.Next(Gated with { Abort = B.Digest }, aborted.State, Sharing(TrafficSplit.AllTo("a")), Noon);
        gone.State.Blocked.Should().Equal(B.Digest);
        gone.Refused!.Reason.Should().Be("Aborted");
    }

    [Fact]
    public void Another_wish_mid_way_takes_the_share_first_and_then_begins_from_the_same_stable()
    {
        var plan = Gated with { Wanted = C };

        var leaving = Rollout.Next(plan, AtStep(0, Stage.Analyzing, Gated, weight: 5), Sharing(Split(A, B, 5)), Noon);
        var next = Rollout.Next(plan, leaving.State, Sharing(TrafficSplit.AllTo("a")), Noon);

        (leaving.State.Stage, leaving.Split).Should().Be((Stage.RollingBack, TrafficSplit.AllTo("a")));
        next.State.Should().BeEquivalentTo(new { Stable = A, Candidate = C, Attempt = 3, Stage = Stage.Warming, Weight = 0 });
        next.State.History[0].Outcome.Should().Be(RolloutOutcome.Superseded);
        next.State.Blocked.Should().BeEmpty();
    }

    [Fact]
    public void A_wish_for_stable_needs_no_gate_no_step_and_no_approval()
    {
        var decision = Rollout.Next(Gated with { Wanted = A }, AtStep(1, Stage.AwaitingApproval, Gated, weight: 50), Sharing(null), Noon);

        (decision.State.Stage, decision.Split).Should().Be((Stage.RollingBack, TrafficSplit.AllTo("a")));
    }

    [Fact]
    public void Users_do_not_go_back_before_stable_has_the_pods_for_all_of_them()
    {
        var plan = Gated with { MinReplicas = 3, MaxReplicas = 3 };
        var state = AtStep(1, Stage.Promoting, plan, weight: 100);
        Observation There(int stable) => Seen(B, [B], Pods(A, stable, 3), Pods(B, 3, 3)) with { Verdicts = [Says(Verdict.Fail)] };

        var early = Rollout.Next(plan, state, There(2), Noon);
        var restored = Rollout.Next(plan, early.State, There(3), Noon);

        (early.Front, early.State.Weight).Should().Be(("b", 0));
        early.Revisions.Single(static r => r.Revision.Name == "a").Floor.Should().Be(3);
        restored.Front.Should().Be("a");
    }

    [Fact]
    public void A_lost_pod_has_a_deadline_of_its_own()
    {
        var state = AtStep(0, Stage.Analyzing, Gated, weight: 5);
        var late = Noon.AddHours(3);

        var lost = Rollout.Next(Gated, state, Sharing(Split(A, B, 5), candidate: 0), late);
        var overdue = Rollout.Next(Gated, lost.State, Sharing(Split(A, B, 0), candidate: 0), late.AddMinutes(10));

        (lost.State.Stage, lost.State.LackingTime).Should().Be((Stage.Scaling, late));
        (overdue.State.Stage, overdue.State.Leaving!.Reason).Should().Be((Stage.RollingBack, "ProgressDeadlineExceeded"));
    }

    [Fact]
    public void The_old_revision_soaks_at_full_size_and_then_goes()
    {
        var plan = Gated with { MinReplicas = 3, MaxReplicas = 3 };
        var moved = Seen(B, [B], Pods(A, 3, 3), Pods(B, 3, 3));

        var promoted = Rollout.Next(plan, AtStep(1, Stage.Promoting, plan, weight: 100), moved, Noon);
        var over = Rollout.Next(plan, promoted.State, moved, Noon.AddMinutes(10));

        (promoted.State.Stage, promoted.State.Stable, promoted.State.Outcome, promoted.NextTime).Should().Be((Stage.Soaking, B, RolloutOutcome.Promoted, Noon.AddMinutes(10)));
        promoted.Revisions.Should().Contain(new RevisionNeed(A, 3));
        (over.State.Stage, over.State.Soak).Should().Be((Stage.Retiring, null));
        over.Names().Should().Equal("b");
    }

    [Fact]
    public void A_change_back_within_soak_needs_no_pod_start_and_no_step()
    {
        var soaking = Soaking();
        var seen = Seen(B, [B], Pods(A, 1), Pods(B, 1));
        var plan = Gated with { Wanted = A };

        var first = Rollout.Next(plan, soaking, seen, Noon);
        var second = Rollout.Next(plan, first.State, seen, Noon);

        (first.State.Candidate, first.State.Stage, first.State.Direct).Should().Be((A, Stage.Promoting, true));
        first.Notes.Should().Contain(static n => n.Reason == "FastRollback");
        second.Front.Should().Be("a");
    }

    [Fact]
    public void A_gate_that_fails_within_soak_takes_the_promotion_back()
    {
        var decision = Rollout.Next(Gated, Soaking(), Seen(B, [B], Pods(A, 1), Pods(B, 1)) with { Verdicts = [Says(Verdict.Fail)] }, Noon);

        (decision.State.Stable, decision.State.Candidate, decision.State.Stage, decision.Front).Should().Be((A, B, Stage.RollingBack, "a"));
        decision.State.History.Should().NotContain(static h => h.Attempt == 2, "its end is not what it seemed");
    }

    static RolloutState Soaking() => Serving(B) with { Attempt = 2, Stage = Stage.Soaking, StageTime = Noon, Soak = new Soak(A, Noon, 1) };
}
