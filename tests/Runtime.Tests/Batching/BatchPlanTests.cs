using Sluice.Runtime.Batching;

namespace Sluice.Runtime.Tests.Batching;

public sealed class BatchPlanTests
{
    private static readonly BatchSettings Usual = new(32, TimeSpan.FromMilliseconds(5));

    [Fact]
    public void A_model_that_runs_many_rows_in_the_time_of_few_joins_as_many_as_it_may()
    {
        var plan = BatchPlan.Choose([new(1, 200e-6), new(2, 210e-6), new(8, 300e-6), new(32, 510e-6)], 1000, Usual, out _);

        plan!.MaxRows.Should().Be(32);
        plan.MostBytes.Should().BeInRange(499_999, 500_000, "31 kB of others take 0.31 ms");
    }

    [Fact]
    public void Rows_that_take_as_long_together_as_one_by_one_are_not_joined()
    {
        var plan = BatchPlan.Choose([new(1, 1e-3), new(2, 1.95e-3), new(4, 3.9e-3)], 1000, Usual, out var obstacle);

        plan.Should().BeNull();
        obstacle.Should().Be("4 rows together take 3.9 ms, one takes 1 ms: joining them gains too little");
    }

    [Fact]
    public void A_run_that_is_over_before_requests_could_be_handed_over_is_not_joined() =>
        BatchPlan.Choose([new(1, 2e-6), new(2, 2.1e-6), new(32, 3e-6)], 16, Usual, out _).Should().BeNull();

    [Fact]
    public void No_request_waits_longer_for_the_others_than_is_allowed()
    {
        var plan = BatchPlan.Choose([new(1, 10e-3), new(2, 12e-3), new(4, 15e-3), new(8, 21e-3)], 1000, Usual, out _);

        plan!.MaxRows.Should().Be(4, "with 8 rows a run takes 11 ms longer");
        plan.MostBytes.Should().BeInRange(2_999, 3_000, "three rows of others take the 5 ms, however large they are");
    }

    [Fact]
    public void A_model_whose_second_row_takes_too_long_is_told_by_how_much()
    {
        BatchPlan.Choose([new(1, 20e-3), new(2, 36e-3)], 1000, Usual, out var obstacle).Should().BeNull();

        obstacle.Should().Be("2 rows together take 16 ms longer than one, and 5 ms are allowed");
    }

    [Fact]
    public void A_model_that_was_tried_with_one_row_only_is_not_joined_and_says_so()
    {
        BatchPlan.Choose([new(1, 0.3)], 5_000_000, Usual, out var obstacle).Should().BeNull();

        obstacle.Should().Be("two rows are too large to be tried, or one takes too long");
    }
}
