namespace Sluice.Rollouts.Tests;

public sealed class TrafficSplitTests
{
    [Theory]
    [InlineData(50, 49)]
    [InlineData(100, 1)]
    [InlineData(-1, 101)]
    public void Shares_that_do_not_sum_to_100_are_no_split(int first, int second)
    {
        var making = () => TrafficSplit.Of(new Share("a", first), new Share("b", second));

        making.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_revision_has_one_share()
    {
        var making = () => TrafficSplit.Of(new Share("a", 50), new Share("a", 50));

        making.Should().Throw<ArgumentException>().WithMessage("*a has two shares*");
    }

    [Fact]
    public void Equal_shares_are_equal_splits()
    {
        var split = TrafficSplit.Of(new Share("a", 90), new Share("b", 10));

        split.Should().Be(TrafficSplit.Of(new Share("a", 90), new Share("b", 10)));
        split.GetHashCode().Should().Be(TrafficSplit.Of(new Share("a", 90), new Share("b", 10)).GetHashCode());
        split.Should().NotBe(TrafficSplit.AllTo("a"));
        (split.PercentOf("b"), split.PercentOf("c")).Should().Be((10, 0));
        split.ToString().Should().Be("a 90 %, b 10 %");
    }
}
