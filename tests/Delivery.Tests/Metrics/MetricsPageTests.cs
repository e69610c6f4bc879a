using Sluice.Contract.Metrics;
using Sluice.Operator.Metrics;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Metrics;

/// <summary>The page that people look metrics up on.</summary>
public sealed class MetricsPageTests
{
    static IEnumerable<MetricDescriptor> All => OperatorCatalog.Groups.Concat(RuntimeCatalog.Groups).SelectMany(static g => g.Metrics);

    [Fact]
    public async Task The_page_says_what_the_code_says()
    {
        var path = Checkout.Path("docs", "metrics.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(path, MetricsPage.Render());

        (await File.ReadAllTextAsync(path)).Should().Be(MetricsPage.Render(), "'make golden' writes it anew");
    }

    [Fact]
    public void Every_metric_is_told_in_a_sentence_and_named_as_is_usual()
    {
        // Names that others hold on to, from before there was a rule.
        string[] old = [MonitorMetricNames.Predictions];
        string[] plain = [MetricNames.ShadowDistance, MetricNames.ShadowAbsoluteDistance, MetricNames.BatchRows];

        All.Should().OnlyContain(static m => m.Help.EndsWith('.') && !m.Help.Contains('|'));
        All.Where(m => !old.Contains(m.Name)).Should().OnlyContain(static m => m.Name.EndsWith("_total", StringComparison.Ordinal) == (m.Type == MetricType.Counter));
        All.Where(static m => m.Type == MetricType.Histogram).Should().OnlyContain(m => m.Unit == "seconds" || plain.Contains(m.Name), "rows and relative distances have no unit, and other distances one that only the model knows");
    }
}
