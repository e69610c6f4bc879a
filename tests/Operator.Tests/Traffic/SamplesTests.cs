using Sluice.Contract.Metrics;
using Sluice.Operator.Traffic;

namespace Sluice.Operator.Tests.Traffic;

public sealed class SamplesTests
{
    [Fact]
    public void What_the_runtime_writes_is_read()
    {
        var registry = new MetricRegistry();
        registry.Gauge(MetricDescriptor.Gauge("sluice_split_generation", "Generation\nof the split.")).With().Set(7);
        registry.Counter(MetricDescriptor.Counter("odd_total", "Labels with everything.", "a", "b")).With("x\"y\\z\n", "{},=").Increment();

        var samples = Samples.Of(System.Text.Encoding.UTF8.GetString(registry.ToPrometheusText().Span)).ToArray();

        samples.Single(static s => s.Name == "sluice_split_generation").Value.Should().Be(7);
        var odd = samples.Single(static s => s.Name == "odd_total");
        (odd.Label("a"), odd.Label("b"), odd.Value).Should().Be(("x\"y\\z\n", "{},=", 1));
    }

    [Theory]
    [InlineData("a 1 1700000000000", 1)]
    [InlineData("a{} 2", 2)]
    [InlineData("a{b=\"c\",} 3", 3)]
    [InlineData("a +Inf", double.PositiveInfinity)]
    [InlineData("a NaN", double.NaN)]
    public void A_sample_has_its_value(string line, double value) => Samples.Of(line).Single().Value.Should().Be(value);

    [Theory]
    [InlineData("")]
    [InlineData("# a 1")]
    [InlineData("a")]
    [InlineData("a{b=\"c 1")]
    [InlineData("a{b} 1")]
    [InlineData("a{b=\"\\")]
    [InlineData("a one")]
    [InlineData("{} 1")]
    public void A_line_that_is_none_hides_no_other(string line) =>
        Samples.Of($"first 1\n{line}\nlast 2\n").Select(static s => s.Name).Should().Equal("first", "last");
}
