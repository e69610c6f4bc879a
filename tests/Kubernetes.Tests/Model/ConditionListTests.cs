using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Tests.Model;

public sealed class ConditionListTests
{
    private static readonly DateTimeOffset Then = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Then.AddHours(1).AddMilliseconds(700);

    [Fact]
    public void The_transition_time_stays_while_the_status_does()
    {
        Condition[] present = [new() { Type = "Ready", Status = "True", Reason = "A", LastTransitionTime = Then }];

        var next = ConditionList.Carry(present, [new() { Type = "Ready", Status = "True", Reason = "B", Message = "m" }], Now);

        next.Should().Equal(new Condition { Type = "Ready", Status = "True", Reason = "B", Message = "m", LastTransitionTime = Then });
    }

    [Fact]
    public void A_new_status_moves_it_to_the_whole_second()
    {
        Condition[] present = [new() { Type = "Ready", Status = "True", LastTransitionTime = Then }];

        var next = ConditionList.Carry(present, [new() { Type = "Ready", Status = "False" }, new() { Type = "New", Status = "True" }], Now);

        next.Select(c => c.LastTransitionTime).Should().AllBeEquivalentTo(Then.AddHours(1));
        next.Select(c => c.Type).Should().Equal("Ready", "New");
    }

    [Fact]
    public void What_is_not_wanted_is_gone_and_writing_twice_changes_nothing()
    {
        Condition[] present = [new() { Type = "Old", Status = "True", LastTransitionTime = Then }];
        Condition[] wanted = [new() { Type = "Ready", Status = "Unknown" }];

        var once = ConditionList.Carry(present, wanted, Now);
        var twice = ConditionList.Carry(once, wanted, Now.AddDays(1));

        once.Should().ContainSingle(c => c.Type == "Ready");
        twice.Should().Equal(once);
    }

    [Fact]
    public void Setting_one_keeps_the_others_and_their_order()
    {
        Condition[] present =
        [
            new() { Type = "A", Status = "True", LastTransitionTime = Then },
            new() { Type = "B", Status = "True", LastTransitionTime = Then },
        ];

        var next = ConditionList.Set(ConditionList.Set(present, new() { Type = "A", Status = "False" }, Now), new() { Type = "C", Status = "True" }, Now);

        next.Select(c => (c.Type, c.Status)).Should().Equal(("A", "False"), ("B", "True"), ("C", "True"));
        ConditionList.IsTrue(next, "B").Should().BeTrue();
        ConditionList.IsTrue(next, "A").Should().BeFalse();
        ConditionList.IsTrue(null, "A").Should().BeFalse();
    }
}
