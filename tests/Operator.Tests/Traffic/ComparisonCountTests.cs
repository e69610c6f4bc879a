using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Traffic;

namespace Sluice.Operator.Tests.Traffic;

/// <summary>Never more than there were: a step that asks for so many comparisons must have had them.</summary>
public sealed class ComparisonCountTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    readonly ComparisonCount count = new();

    [Fact]
    public void Only_what_comes_after_the_steps_beginning_counts()
    {
        Count(step: 0, since: null, ("a", 100)).Should().BeNull("its exposure has not been seen");
        Count(0, Noon, ("a", 120)).Should().Be(0);
        Count(0, Noon, ("a", 150)).Should().Be(30);
        Count(1, Noon.AddMinutes(1), ("a", 160)).Should().Be(0, "another step begins anew");
    }

    [Fact]
    public void A_pod_that_began_again_loses_nothing_and_gains_nothing()
    {
        Count(0, Noon, ("a", 100));
        Count(0, Noon, ("a", 110));

        Count(0, Noon, ("a", 4)).Should().Be(14);
    }

    [Fact]
    public void A_pod_of_the_step_counts_whole_and_an_older_one_from_when_it_was_first_seen()
    {
        Count(0, Noon, ("a", 100));

        Count(0, Noon, ("a", 100), ("new", 5)).Should().Be(5);
        Count(0, Noon, ("a", 100), ("new", 5), ("old", 50)).Should().Be(5);
        Count(0, Noon, ("a", 100), ("new", 5), ("old", 51)).Should().Be(6);
    }

    [Fact]
    public void A_pod_that_cannot_be_asked_keeps_what_it_had()
    {
        Count(0, Noon, ("a", 100), ("b", 100));
        Count(0, Noon, ("a", 110), ("b", 110)).Should().Be(20);

        Count(0, Noon, ("a", 115), ("b", null)).Should().Be(25);
        Count(0, Noon, ("a", 115), ("b", 130)).Should().Be(45);
    }

    long? Count(int step, DateTimeOffset? since, params (string Pod, double? Compared)[] pods)
    {
        var status = new InferenceServiceStatus
        {
            Candidate = new RevisionStatus { Revision = "iris-b" },
            Rollout = new RolloutStatus { Attempt = 2, Step = step, StepTime = since },
        };
        return count.Count(
            status,
            [.. pods.Select(static p => new Pod
            {
                Metadata = new ObjectMeta { Name = p.Pod, Uid = p.Pod },
                Status = new PodStatus { StartTime = p.Pod == "new" ? Noon.AddSeconds(5) : Noon.AddHours(-1) },
            })],
            [.. pods.Select(static p => p.Compared is not { } value ? [] : Samples.Of(
                $"sluice_shadow_status_total{{revision=\"iris-b\",result=\"equal\"}} {value - 1}\n"
                + "sluice_shadow_status_total{revision=\"iris-b\",result=\"unequal\"} 1\n"
                + "sluice_shadow_status_total{revision=\"iris-c\",result=\"equal\"} 1000\n").ToArray())]);
    }
}
