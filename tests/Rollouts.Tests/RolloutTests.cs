using static Sluice.Rollouts.Tests.Given;

namespace Sluice.Rollouts.Tests;

/// <summary>One example for each line of the table above <see cref="Rollout"/>, and for what is said beside it.</summary>
public sealed class RolloutTests
{
    [Fact]
    public void The_first_revision_starts_at_once_behind_the_front()
    {
        var decision = Rollout.Next(Plan(A), RolloutState.Empty, Seen(null, []), Noon);

        decision.State.Should().BeEquivalentTo(new { Stable = (Revision?)null, Candidate = A, Attempt = 1, Stage = Stage.Warming });
        (decision.Front, decision.Preview).Should().Be(("a", null));
        decision.Names().Should().Equal("a");
        decision.NextTime.Should().Be(Noon.AddMinutes(10));
        decision.Notes.Should().ContainSingle(n => n.Reason == "RolloutStarted");
    }

    [Fact]
    public void The_first_revision_is_stable_once_a_pod_of_it_serves()
    {
        var state = RolloutState.Empty with { Candidate = A, Attempt = 1, Stage = Stage.Warming, StartedTime = Noon, StageTime = Noon };

        var decision = Rollout.Next(Plan(A, min: 3), state, Seen(A, [A], Pods(A, 1, 3)), Noon);

        decision.State.Should().BeEquivalentTo(new { Stable = A, Candidate = (Revision?)null, Stage = (Stage?)null, Outcome = RolloutOutcome.Promoted });
        decision.State.History.Should().ContainSingle().Which.Outcome.Should().Be(RolloutOutcome.Promoted);
    }

    [Fact]
    public void A_new_revision_warms_up_while_the_old_one_serves()
    {
        var decision = Rollout.Next(Plan(B), Serving(A), Seen(A, [A], Pods(A, 1)), Noon);

        decision.State.Should().BeEquivalentTo(new { Stable = A, Candidate = B, Attempt = 2, Stage = Stage.Warming, Weight = 0 });
        (decision.Front, decision.Preview).Should().Be(("a", "b"));
        decision.Names().Should().Equal("a", "b");
    }

    [Fact]
    public void Users_move_only_when_the_candidate_has_all_its_pods()
    {
        var state = During(Stage.Warming, A, B);

        var early = Rollout.Next(Plan(B, min: 2), state, Seen(A, [A], Pods(A, 2, 2), Pods(B, 1, 2)), Noon);
        var ready = Rollout.Next(Plan(B, min: 2), state, Seen(A, [A], Pods(A, 2, 2), Pods(B, 2, 2)), Noon);

        (early.Front, early.State.Stage).Should().Be(("a", Stage.Warming));
        early.NextAction.Should().Contain("1 of 2");
        (ready.Front, ready.State.Stage).Should().Be(("a", Stage.Promoting), "where users go is remembered before they do");
        var moving = Rollout.Next(Plan(B, min: 2), ready.State, Seen(A, [A], Pods(A, 2, 2), Pods(B, 2, 2)), Noon);
        moving.Front.Should().Be("b");
        moving.Names().Should().Equal("b", "a");
    }

    [Fact]
    public void A_candidate_under_an_autoscaler_must_match_what_stable_has_grown_to()
    {
        var plan = Plan(B, min: 2, max: 10);
        var state = During(Stage.Warming, A, B);

        var decision = Rollout.Next(plan, state, Seen(A, [A], Pods(A, 7, 7), Pods(B, 2, 2)), Noon);

        decision.Front.Should().Be("a");
        decision.Revisions.Single(static r => r.Revision.Name == "b").Floor.Should().Be(7);
        decision.Revisions.Single(static r => r.Revision.Name == "a").Floor.Should().Be(2);
    }

    [Fact]
    public void A_stable_revision_without_pods_is_not_waited_for()
    {
        var decision = Rollout.Next(Plan(B, min: 3), During(Stage.Warming, A, B), Seen(A, [], Pods(A, 0, 3), Pods(B, 1, 3)), Noon);

        decision.State.Stage.Should().Be(Stage.Promoting);
    }

    [Fact]
    public void The_old_revision_keeps_its_pods_until_no_user_is_sent_to_it()
    {
        var state = During(Stage.Promoting, A, B);
        var pods = new[] { Pods(A, 1), Pods(B, 1) };

        var moving = Rollout.Next(Plan(B), state, Seen(B, [A, B], pods), Noon);
        var moved = Rollout.Next(Plan(B), state, Seen(B, [B], pods), Noon);

        moving.State.Stage.Should().Be(Stage.Promoting);
        moving.Names().Should().BeEquivalentTo("a", "b");
        moved.State.Should().BeEquivalentTo(new { Stable = B, Candidate = (Revision?)null, Stage = Stage.Retiring, Outcome = RolloutOutcome.Promoted });
        moved.Names().Should().Equal("b");
    }

    [Fact]
    public void Retiring_ends_when_the_old_pods_are_gone()
    {
        var state = Serving(B) with { Stage = Stage.Retiring, StageTime = Noon };

        var waiting = Rollout.Next(Plan(B), state, Seen(B, [B], Pods(A, 0, 0), Pods(B, 1)), Noon);
        var done = Rollout.Next(Plan(B), state, Seen(B, [B], Pods(B, 1)), Noon);

        waiting.State.Stage.Should().Be(Stage.Retiring);
        done.State.Stage.Should().BeNull();
        done.NextTime.Should().BeNull();
    }

    [Fact]
    public void Another_wish_supersedes_a_candidate_that_is_not_ready()
    {
        var decision = Rollout.Next(Plan(C), During(Stage.Warming, A, B), Seen(A, [A], Pods(A, 1), Pods(B, 0)), Noon);

        decision.State.Should().BeEquivalentTo(new { Stable = A, Candidate = C, Attempt = 3 });
        decision.State.History[0].Should().BeEquivalentTo(new { Attempt = 2, Revision = B, Outcome = RolloutOutcome.Superseded });
        decision.Names().Should().Equal("a", "c");
    }

    [Fact]
    public void The_wish_for_stable_drops_the_candidate_at_once()
    {
        var decision = Rollout.Next(Plan(A), During(Stage.Warming, A, B), Seen(A, [A], Pods(A, 1), Pods(B, 0)), Noon);

        decision.State.Should().BeEquivalentTo(new { Stable = A, Candidate = (Revision?)null, Stage = (Stage?)null, Outcome = RolloutOutcome.Superseded });
        decision.Names().Should().Equal("a");
        decision.Preview.Should().BeNull();
    }

    [Fact]
    public void The_wish_for_stable_moves_users_back_before_the_candidate_goes()
    {
        var decision = Rollout.Next(Plan(A), During(Stage.Promoting, A, B), Seen(B, [B], Pods(A, 1), Pods(B, 1)), Noon);

        (decision.Front, decision.State.Stage).Should().Be(("a", Stage.RollingBack));
        decision.Names().Should().BeEquivalentTo("a", "b");
    }

    [Fact]
    public void Users_are_not_sent_back_to_a_stable_that_has_lost_its_pods()
    {
        var decision = Rollout.Next(Plan(A), During(Stage.Promoting, A, B), Seen(B, [B], Pods(A, 0), Pods(B, 1)), Noon);

        (decision.Front, decision.State.Stage).Should().Be(("b", Stage.RollingBack));
        decision.NextAction.Should().Contain("before users move back");
    }

    [Fact]
    public void A_candidate_that_loses_its_pods_while_users_move_gives_them_back()
    {
        var decision = Rollout.Next(Plan(B), During(Stage.Promoting, A, B), Seen(B, [], Pods(A, 1), Pods(B, 0)), Noon);

        (decision.Front, decision.State.Stage).Should().Be(("a", Stage.Warming));
        decision.Notes.Should().ContainSingle(n => n.Reason == "CandidateLost" && n.Warning);
    }

    [Fact]
    public void A_third_wish_waits_until_users_have_moved()
    {
        var state = During(Stage.Promoting, A, B);

        var decision = Rollout.Next(Plan(C), state, Seen(B, [A, B], Pods(A, 1), Pods(B, 1)), Noon);

        decision.Front.Should().Be("b");
        decision.Names().Should().NotContain("c");
    }

    [Fact]
    public void A_failing_candidate_is_named_with_what_to_do()
    {
        var failure = new Failure("DigestMismatch", "it is not what was pinned.", Final: true);

        var decision = Rollout.Next(Plan(B), During(Stage.Warming, A, B), Seen(A, [A], Pods(A, 1), Pods(B, 0, 1, failure)), Noon);

        (decision.Front, decision.State.Outcome).Should().Be(("a", RolloutOutcome.RolledBack));
        decision.Refused!.Reason.Should().Be("DigestMismatch");
        decision.NextAction.Should().Contain("it is not what was pinned").And.Contain("rollout.retry");
    }

    [Fact]
    public void A_candidate_that_outlasts_its_deadline_is_taken_back_and_blocked()
    {
        var seen = Seen(A, [A], Pods(A, 1), Pods(B, 0));

        Rollout.Next(Plan(B), During(Stage.Warming, A, B), seen, Noon.AddMinutes(9)).State.Candidate.Should().Be(B);
        var late = Rollout.Next(Plan(B), During(Stage.Warming, A, B), seen, Noon.AddMinutes(10));
        late.State.Should().BeEquivalentTo(new { Stable = A, Candidate = (Revision?)null, Outcome = RolloutOutcome.RolledBack });
        late.State.Blocked.Should().Equal(B.Digest);
        late.Refused!.Reason.Should().Be("ProgressDeadlineExceeded");
    }

    [Fact]
    public void A_first_revision_that_outlasts_its_deadline_is_overdue_and_goes_on()
    {
        var state = RolloutState.Empty with { Candidate = A, Attempt = 1, Stage = Stage.Warming, StageTime = Noon };

        var late = Rollout.Next(Plan(A), state, Seen(A, [], Pods(A, 0)), Noon.AddMinutes(10));

        (late.Overdue, late.State.Candidate, late.Front).Should().Be((true, A, "a"));
    }

    [Fact]
    public void Paused_holds_a_ready_candidate_without_a_deadline()
    {
        var decision = Rollout.Next(Plan(B, paused: true), During(Stage.Warming, A, B), Seen(A, [A], Pods(A, 1), Pods(B, 1)), Noon.AddHours(1));

        (decision.Front, decision.State.Stage, decision.Overdue).Should().Be(("a", Stage.Warming, false));
        decision.NextAction.Should().Contain("rollout.paused");
    }

    [Fact]
    public void Paused_does_not_hold_the_first_revision_or_the_way_back()
    {
        var first = RolloutState.Empty with { Candidate = A, Attempt = 1, Stage = Stage.Warming };

        Rollout.Next(Plan(A, paused: true), first, Seen(A, [A], Pods(A, 1)), Noon).State.Stable.Should().Be(A);
        Rollout.Next(Plan(A, paused: true), During(Stage.Warming, A, B), Seen(A, [A], Pods(A, 1), Pods(B, 1)), Noon).State.Candidate.Should().BeNull();
    }

    [Fact]
    public void A_spec_that_cannot_be_resolved_changes_nothing()
    {
        var decision = Rollout.Next(Plan(null), Serving(A), Seen(A, [A], Pods(A, 1)), Noon);

        decision.Front.Should().Be("a");
        decision.State.Should().Be(Serving(A));
        Rollout.Next(Plan(null), RolloutState.Empty, Seen(null, []), Noon).Front.Should().BeNull();
    }

    [Fact]
    public void A_lost_status_does_not_cost_users_what_serves_them()
    {
        var decision = Rollout.Next(Plan(B), RolloutState.Empty, Seen(A, [A], Pods(A, 1)), Noon);

        decision.State.Should().BeEquivalentTo(new { Stable = A, Candidate = B });
        decision.Front.Should().Be("a");
    }

    [Fact]
    public void History_is_bounded_and_the_latest_comes_first()
    {
        var state = Serving(A);
        for (var i = 0; i < 15; i++)
            state = Rollout.Next(Plan(i % 2 == 0 ? B : C), state, Seen(A, [A], Pods(A, 1)), Noon.AddMinutes(i)).State;

        state.History.Should().HaveCount(RolloutState.HistoryLimit);
        state.History[0].Attempt.Should().Be(state.Attempt - 1);
    }

    [Fact]
    public void Users_stay_where_they_are_served_when_the_memory_of_their_move_was_lost()
    {
        var decision = Rollout.Next(
            Plan(B, paused: true), During(Stage.Warming, A, B), Seen(B, [B], Pods(A, 0), Pods(B, 1)), Noon);

        decision.Front.Should().Be(B.Name);
    }
}
