using static Sluice.Rollouts.Tests.Given;
using static Sluice.Rollouts.Tests.StepTests;

namespace Sluice.Rollouts.Tests;

/// <summary>The cases in which other systems of the field go wrong, as far as the planner decides them. A4, A13 and A14 are cases of the router and the data plane.</summary>
public sealed class AcceptanceTests
{
    static readonly RolloutPlan Plan5 = Plan(B) with { Steps = [new Step(5), new Step(50)], Gates = ["errors"] };

    [Fact]
    public void A1_A_metric_that_returns_NaN_is_undecided_and_undecided_is_no_pass()
    {
        var seen = Sharing(Split(A, B, 5), verdicts: Says(Verdict.Undecided) with { Message = "the rate is NaN" });

        var decision = Rollout.Next(Plan5, AtStep(0, Stage.Analyzing, Plan5, weight: 5), seen, Noon.AddDays(1));

        (decision.State.Step, decision.State.Weight).Should().Be((0, 5));
        decision.NextAction.Should().Contain("NaN");
    }

    [Fact]
    public void A2_A_gate_that_was_stopped_before_its_first_sample_is_no_pass()
    {
        var decision = Rollout.Next(Plan5, AtStep(0, Stage.Analyzing, Plan5, weight: 5), Sharing(Split(A, B, 5)), Noon.AddDays(1));

        decision.State.Step.Should().Be(0);
        decision.NextAction.Should().Contain("no evidence yet");
    }

    [Fact]
    public void A3_A_split_that_is_accepted_and_not_yet_applied_is_no_advance()
    {
        var decision = Rollout.Next(Plan5, AtStep(1, Stage.Shifting, Plan5, weight: 50), Sharing(Split(A, B, 5), verdicts: Says(Verdict.Pass) with { Step = 1 }), Noon.AddDays(1));

        (decision.State.Stage, decision.State.Step).Should().Be((Stage.Shifting, 1));
    }

    [Fact]
    public void A5_A_rollback_is_a_split_and_so_stronger_than_what_callers_are_stuck_to()
    {
        var leaving = Rollout.Next(Plan5 with { Abort = B.Digest }, AtStep(1, Stage.Analyzing, Plan5, weight: 50), Sharing(Split(A, B, 50)), Noon);

        leaving.Split!.Names("b").Should().BeFalse("nothing is passed on to a revision that the split does not name");
        leaving.Preview.Should().BeNull();
    }

    [Fact]
    public void A6_An_approval_for_one_digest_is_nothing_for_the_next()
    {
        var plan = Plan5 with { Gates = [], Steps = [new Step(5) { Approval = true }], Approve = new Approval("sha256:v2", null) };

        var decision = Rollout.Next(plan, AtStep(0, Stage.AwaitingApproval, plan, weight: 5), Sharing(Split(A, B, 5)), Noon);

        (decision.State.Stage, decision.State.Weight).Should().Be((Stage.AwaitingApproval, 5));
        decision.NextAction.Should().Contain("sha256:v2").And.Contain("counts for nothing");
    }

    [Fact]
    public void A7_A_rollback_needs_nothing_but_what_is_remembered()
    {
        var decision = Rollout.Next(Plan5 with { Wanted = null, Abort = B.Digest }, AtStep(0, Stage.Analyzing, Plan5, weight: 5), Sharing(Split(A, B, 5)), Noon);

        (decision.State.Stage, decision.Split).Should().Be((Stage.RollingBack, TrafficSplit.AllTo("a")));
    }

    [Fact]
    public void A8_An_aborted_candidate_stays_away_when_an_autoscaler_grows_and_the_front_does_not_flap()
    {
        var plan = Plan5 with { MinReplicas = 1, MaxReplicas = 8, Abort = B.Digest };
        var state = Serving(A) with { Blocked = [B.Digest] };
        for (var desired = 1; desired <= 8; desired++)
        {
            var decision = Rollout.Next(plan, state, Seen(A, [A], Pods(A, desired, desired)), Noon.AddMinutes(desired));
            decision.Names().Should().Equal("a");
            (decision.Front, decision.Preview, decision.State.Candidate).Should().Be(("a", null, null));
            state = decision.State;
        }
    }

    [Fact]
    public void A9_At_no_instant_of_a_promotion_does_the_share_of_the_old_version_rise()
    {
        var plan = Plan5 with { Gates = [], Soak = TimeSpan.FromMinutes(1) };
        var state = AtStep(1, Stage.Promoting, plan, weight: 50);
        var split = Split(A, B, 50);
        var front = A;
        var old = 50;
        for (var i = 0; i < 8; i++)
        {
            var decision = Rollout.Next(plan, state, Seen(front, [front], Pods(A, 1), Pods(B, 1)) with { Split = split }, Noon.AddSeconds(i));
            // What reaches old pods is divided by the split; what reaches the new ones is answered by the new version.
            var share = decision.Split!.PercentOf("a");
            share.Should().BeLessThanOrEqualTo(old);
            (old, split, state) = (share, decision.Split, decision.State);
            front = decision.Front == "b" ? B : A;
        }

        (front, state.Stable, state.Stage, old).Should().Be((B, B, Stage.Soaking, 0));
    }

    [Fact]
    public void A10_A_stable_that_crashes_does_not_hold_up_a_healthy_candidate()
    {
        var crash = new Failure("CrashLoopBackOff", "it ends again and again", Final: false);
        var seen = Seen(A, [], Pods(A, 0, 3, crash), Pods(B, 1, 3));
        var plan = Plan5 with { MinReplicas = 3, MaxReplicas = 3 };

        var first = Rollout.Next(plan, During(Stage.Warming, A, B), seen, Noon);
        var second = Rollout.Next(plan, first.State, seen, Noon);

        (first.State.Stage, second.Front).Should().Be((Stage.Promoting, "b"));
    }

    [Fact]
    public void A10_A_stable_that_comes_back_in_time_makes_the_candidate_take_its_steps()
    {
        var crash = new Failure("CrashLoopBackOff", "it ends again and again", Final: false);
        var going = Rollout.Next(Plan5, During(Stage.Warming, A, B), Seen(A, [], Pods(A, 0, 1, crash), Pods(B, 1)), Noon).State;

        var decision = Rollout.Next(Plan5, going, Seen(A, [A], Pods(A, 1), Pods(B, 1)), Noon);

        (decision.State.Stage, decision.Front).Should().Be((Stage.Warming, "a"));
    }

    [Fact]
    public void A11_Other_steps_keep_the_exposure_unless_they_do_not_allow_it()
    {
        var state = AtStep(1, Stage.Analyzing, Plan5, weight: 50);
        (int? Step, int Weight) After(params Step[] steps)
        {
            var next = Rollout.Next(Plan5 with { Steps = [.. steps] }, state, Sharing(Split(A, B, 50)), Noon).State;
            return (next.Step, next.Weight);
        }

        After(new Step(5), new Step(20), new Step(50), new Step(80)).Should().Be((2, 50));
        After(new Step(10), new Step(80)).Should().Be((0, 50), "80 is allowed, so 50 is");
        After(new Step(60)).Should().Be((0, 50));
        After(new Step(5), new Step(20)).Should().Be((1, 20), "more than 20 is no longer allowed");
    }

    [Fact]
    public void A12_Only_the_revision_that_was_looked_at_is_promoted()
    {
        var decided = AtStep(1, Stage.Analyzing, Plan5, weight: 50);

        var decision = Rollout.Next(Plan5 with { Wanted = C }, decided, Sharing(Split(A, B, 50), verdicts: Says(Verdict.Pass) with { Step = 1 }), Noon);

        (decision.State.Stage, decision.Front, decision.State.Leaving!.Outcome).Should().Be((Stage.RollingBack, "a", RolloutOutcome.Superseded));
        decision.Names().Should().NotContain("c");
    }
}
