using static Sluice.Rollouts.Tests.Given;

namespace Sluice.Rollouts.Tests;

/// <summary>What a candidate goes through on its way to all users.</summary>
public sealed class StepTests
{
    static readonly RolloutPlan Canary = Plan(B) with { Steps = [new Step(5) { For = TimeSpan.FromMinutes(5) }, new Step(50) { Approval = true }] };
    static readonly RolloutPlan Gated = Canary with { Gates = ["errors"] };

    [Fact]
    public void A_step_begins_with_the_pods_for_its_share_and_no_share()
    {
        var plan = Canary with { MinReplicas = 4, MaxReplicas = 4, Steps = [new Step(5), new Step(50)] };

        var first = Rollout.Next(plan, During(Stage.Warming, A, B), Sharing(null, stable: 4), Noon);
        var second = Rollout.Next(plan, AtStep(0, Stage.Analyzing, plan, weight: 5), Sharing(Split(A, B, 5), stable: 4), Noon);

        (first.State.Stage, first.State.Step, first.Split!.PercentOf("b")).Should().Be((Stage.Scaling, 0, 0));
        FloorOf(first, B).Should().Be(1);
        (second.State.Stage, second.State.Step, second.Split!.PercentOf("b")).Should().Be((Stage.Scaling, 1, 5));
        FloorOf(second, B).Should().Be(2);
        FloorOf(second, A).Should().Be(4, "all users can come back at any time");
    }

    [Fact]
    public void No_share_is_given_before_the_pods_for_it_are_Ready_and_the_present_split_is_seen()
    {
        var state = AtStep(0, Stage.Scaling, Canary);

        Rollout.Next(Canary, state, Sharing(Split(A, B, 0), candidate: 0), Noon).State.Weight.Should().Be(0);
        Rollout.Next(Canary, state, Sharing(null), Noon).State.Weight.Should().Be(0);
        Rollout.Next(Canary, state, Sharing(Split(A, B, 50)), Noon).State.Weight.Should().Be(0);
        var given = Rollout.Next(Canary, state, Sharing(Split(A, B, 0)), Noon);
        (given.State.Stage, given.Split!.PercentOf("b"), given.Front).Should().Be((Stage.Shifting, 5, "a"));
        given.Notes.Should().ContainSingle(static n => n.Reason == "TrafficShifting");
    }

    [Fact]
    public void A_share_counts_from_when_every_serving_pod_reports_it()
    {
        var state = AtStep(0, Stage.Shifting, Canary, weight: 5);

        Rollout.Next(Canary, state, Sharing(null), Noon.AddMinutes(1)).State.Stage.Should().Be(Stage.Shifting);
        var seen = Rollout.Next(Canary, state, Sharing(Split(A, B, 5)), Noon.AddMinutes(2));
        (seen.State.Stage, seen.State.StepTime, seen.NextTime).Should().Be((Stage.Analyzing, Noon.AddMinutes(2), Noon.AddMinutes(7)));
        seen.NextAction.Should().Contain("lasts until 12:07:00");
    }

    [Fact]
    public void A_step_is_not_left_before_its_time_or_while_another_split_is_reported()
    {
        var state = AtStep(0, Stage.Analyzing, Canary, weight: 5);

        Rollout.Next(Canary, state, Sharing(Split(A, B, 5)), Noon.AddMinutes(4)).State.Step.Should().Be(0);
        Rollout.Next(Canary, state, Sharing(Split(A, B, 0)), Noon.AddMinutes(5)).State.Step.Should().Be(0);
        Rollout.Next(Canary, state, Sharing(Split(A, B, 5)), Noon.AddMinutes(5)).State.Step.Should().Be(1);
    }

    [Fact]
    public void Shadows_are_copies_that_must_be_compared_often_enough_and_an_unknown_number_is_not()
    {
        var plan = Plan(B) with { Steps = [new Step(0, 100) { MinRequests = 1000 }, new Step(5)] };
        var state = AtStep(0, Stage.Shadowing, plan, shadow: 100);
        var seen = Sharing(Split(A, B, 0, copies: 100));

        Rollout.Next(plan, AtStep(0, Stage.Shifting, plan, shadow: 100), seen, Noon).State.Stage.Should().Be(Stage.Shadowing);
        Rollout.Next(plan, state, seen, Noon).NextAction.Should().Contain("an unknown number of 1000");
        Rollout.Next(plan, state, seen with { Comparisons = 999 }, Noon).State.Step.Should().Be(0);
        Rollout.Next(plan, state, seen with { Comparisons = 1000 }, Noon).State.Step.Should().Be(1);
    }

    [Fact]
    public void Gates_must_pass_on_this_step_of_this_attempt()
    {
        var state = AtStep(0, Stage.Analyzing, Gated, weight: 5);
        var due = Noon.AddMinutes(5);

        int? After(params GateVerdict[] verdicts) => Rollout.Next(Gated, state, Sharing(Split(A, B, 5), verdicts: verdicts), due).State.Step;

        After().Should().Be(0);
        After(Says(Verdict.Undecided)).Should().Be(0);
        After(Says(Verdict.Pass) with { Attempt = 1 }).Should().Be(0);
        After(Says(Verdict.Pass) with { Step = 1 }).Should().Be(0);
        After(Says(Verdict.Pass)).Should().Be(1);
    }

    [Fact]
    public void A_person_approves_one_digest_through_one_step()
    {
        var state = AtStep(1, Stage.Analyzing, Canary, weight: 50);
        var seen = Sharing(Split(A, B, 50));

        var asked = Rollout.Next(Canary, state, seen, Noon);
        (asked.State.Stage, asked.ApprovalNeeded).Should().Be((Stage.AwaitingApproval, asked.NextAction));
        asked.NextAction.Should().Contain("sha256:b").And.Contain("throughStep 1");
        Rollout.Next(Canary with { Approve = new Approval("sha256:b", 0) }, asked.State, seen, Noon).State.Stage.Should().Be(Stage.AwaitingApproval);
        Rollout.Next(Canary with { Approve = new Approval("sha256:b", 1) }, asked.State, seen, Noon).State.Stage.Should().Be(Stage.Promoting);
        Rollout.Next(Canary with { Approve = new Approval("sha256:b", null) }, asked.State, seen, Noon).State.Stage.Should().Be(Stage.Promoting);
    }

    [Fact]
    public void Paused_holds_a_step_and_says_how_to_go_on()
    {
        var paused = Canary with { Paused = true };

        var decision = Rollout.Next(paused, AtStep(0, Stage.Analyzing, Canary, weight: 5), Sharing(Split(A, B, 5)), Noon.AddMinutes(5));

        (decision.State.Step, decision.State.Weight).Should().Be((0, 5));
        decision.NextAction.Should().Contain("rollout.paused");
    }

    [Theory]
    [InlineData(Stage.Warming)]
    [InlineData(Stage.Scaling)]
    [InlineData(Stage.Analyzing)]
    public void What_is_seen_of_the_data_holds_a_step_for_as_long_as_it_is_seen(Stage stage)
    {
        var state = stage is Stage.Warming ? During(stage, A, B) : AtStep(0, stage, Canary, weight: stage is Stage.Scaling ? 0 : 5);
        var seen = Sharing(Split(A, B, stage is Stage.Analyzing ? 5 : 0));

        var held = Rollout.Next(Canary, state, seen with { Hold = "the data has drifted." }, Noon.AddMinutes(5));
        var free = Rollout.Next(Canary, held.State, seen, Noon.AddMinutes(5));

        (held.State.Stage, held.State.Step, held.State.Weight).Should().Be((stage, state.Step, state.Weight));
        held.NextAction.Should().EndWith("is held: the data has drifted.");
        (free.State.Stage, free.State.Step).Should().NotBe((held.State.Stage, held.State.Step));
    }

    [Fact]
    public void Blue_green_has_a_preview_at_full_size_and_one_flip()
    {
        var plan = Plan(B, min: 3, max: 3) with { Steps = StepList.BlueGreen([]) };

        var warming = Rollout.Next(plan, During(Stage.Warming, A, B), Sharing(null, stable: 3, candidate: 2), Noon);
        var ready = Rollout.Next(plan, During(Stage.Warming, A, B), Sharing(null, stable: 3, candidate: 3), Noon);
        var flip = Rollout.Next(plan, ready.State, Sharing(null, stable: 3, candidate: 3), Noon);

        (warming.Preview, FloorOf(warming, B), warming.State.Stage).Should().Be(("b", 3, Stage.Warming));
        (ready.Front, ready.State.Stage).Should().Be(("a", Stage.Promoting));
        flip.Front.Should().Be("b");
    }

    [Fact]
    public void Blue_green_with_an_approval_waits_at_full_size_for_the_person_and_not_for_gates_without_requests()
    {
        var plan = Plan(B, min: 3, max: 3) with { Steps = StepList.BlueGreen([new Step(0) { Approval = true }, new Step(100)]), Gates = ["errors"] };

        var decision = Rollout.Next(plan, AtStep(0, Stage.Analyzing, plan), Sharing(Split(A, B, 0), stable: 3, candidate: 3), Noon);

        (decision.State.Stage, decision.Front, FloorOf(decision, B)).Should().Be((Stage.AwaitingApproval, "a", 3));
    }

    [Fact]
    public void A_shadow_and_an_AB_test_go_no_further_without_a_person()
    {
        StepList.Shadow([])[^1].Approval.Should().BeTrue();
        StepList.Shadow([new Step(0, 10)])[^1].Should().BeEquivalentTo(new { Shadow = 10, Approval = true });
        StepList.ABTest([new Step(1) { For = TimeSpan.FromHours(1) }, new Step(10), new Step(50) { For = TimeSpan.FromHours(1) }])
            .Select(static s => s.Approval).Should().Equal(false, true, true);
        StepList.Canary([]).Select(static s => (s.Weight, s.Shadow)).Should().Equal((0, 20), (5, 0), (25, 0), (50, 0));
    }

    [Fact]
    public void A_manual_canary_is_held_until_its_share_changes_and_promoted_when_that_goes()
    {
        var held = Plan(B) with { Steps = StepList.Manual(10), Approve = new Approval("sha256:b", null) };
        var state = AtStep(0, Stage.Analyzing, held, weight: 10);
        var seen = Sharing(Split(A, B, 10));

        Rollout.Next(held, state, seen, Noon.AddDays(9)).Should().BeEquivalentTo(new { State = state, NextTime = (DateTimeOffset?)null }, static o => o.Including(static d => d.State.Step).Including(static d => d.NextTime));
        var more = Rollout.Next(held with { Steps = StepList.Manual(60) }, state, seen, Noon);
        (more.State.Stage, more.State.Weight).Should().Be((Stage.Scaling, 10));
        var less = Rollout.Next(held with { Steps = StepList.Manual(3) }, state, seen, Noon);
        (less.State.Stage, less.Split!.PercentOf("b")).Should().Be((Stage.Scaling, 3));
        var removed = Rollout.Next(held with { Steps = [] }, state, seen, Noon);
        (removed.State.Stage, removed.State.Weight).Should().Be((Stage.Promoting, 10));
    }

    [Fact]
    public void A_candidate_that_loses_all_its_pods_loses_its_share()
    {
        var decision = Rollout.Next(Canary, AtStep(1, Stage.Analyzing, Canary, weight: 50), Sharing(Split(A, B, 50), candidate: 0), Noon);

        (decision.State.Stage, decision.Split!.PercentOf("b")).Should().Be((Stage.Scaling, 0));
        decision.Notes.Should().ContainSingle(static n => n.Reason == "CandidateLost" && n.Warning);
    }

    [Fact]
    public void Under_an_autoscaler_nothing_grows_from_counting_both_revisions()
    {
        var plan = Canary with { MinReplicas = 2, MaxReplicas = 10 };
        var state = AtStep(1, Stage.Scaling, plan, weight: 5) with { StableReplicas = 6 };
        for (var i = 0; i < 20; i++)
        {
            var decision = Rollout.Next(plan, state, Sharing(Split(A, B, 5), stable: 6, candidate: 3), Noon);
            (FloorOf(decision, A), FloorOf(decision, B)).Should().Be((6, 3));
            state = decision.State;
        }
    }

    internal static GateVerdict Says(Verdict verdict) => new("errors", verdict, Attempt: 2, Step: 0, Samples: 500, "2 % of errors, at most 1 % is allowed.");

    static int FloorOf(Decision decision, Revision revision) => decision.Revisions.Single(r => r.Revision.Is(revision)).Floor;
}
