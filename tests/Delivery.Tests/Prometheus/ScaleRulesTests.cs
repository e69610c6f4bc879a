using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Prometheus;

/// <summary>What config/prometheus-adapter serves is what autoscalers ask for, out of metrics that exist.</summary>
public sealed class ScaleRulesTests
{
    static IReadOnlyList<JsonNode> Rules => [.. Yaml.Read(File.ReadAllText(Checkout.Path("config", "prometheus-adapter", "values.yaml")))[0]["rules"]!["custom"]!.AsArray().Select(static r => r!)];

    [Fact]
    public void Every_metric_that_an_autoscaler_may_follow_is_served()
    {
        var asked = Enum.GetValues<ScaleMetric>().Select(static metric => new ScaleFor(1, 2, metric, 10).PodMetric).OfType<string>();

        Rules.Select(static r => r["name"]!["as"]!.ToString()).Should().BeEquivalentTo(asked);
    }

    [Fact]
    public async Task The_queries_parse_and_their_metrics_exist()
    {
        var queries = Rules.Select(static r => r["metricsQuery"]!.ToString()
            .Replace("<<.Series>>", r["seriesQuery"]!.ToString().Split('{')[0], StringComparison.Ordinal)
            .Replace("<<.LabelMatchers>>", "namespace=\"shop\",pod=~\"a|b\"", StringComparison.Ordinal)
            .Replace("<<.GroupBy>>", "pod", StringComparison.Ordinal)).ToArray();

        queries.Should().OnlyContain(static q => !q.Contains("<<", StringComparison.Ordinal));
        await PromTool.ParseAsync([.. queries, .. Rules.Select(static r => r["seriesQuery"]!.ToString())]);
        queries.SelectMany(Query.Problems).Should().BeEmpty();
    }
}
