using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Delivery.Tests.Chart;
using Sluice.Kubernetes.Json;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Prometheus;

/// <summary>The alerts: the same in the chart and beside it, over metrics that exist, and each tried in both directions.</summary>
public sealed partial class RulesTests
{
    const string Tests = "tests/Delivery.Tests/Prometheus/alerts.test.yaml";

    static IEnumerable<JsonObject> Alerts => PromTool.AllRules.Where(static r => r["alert"] is not null);

    [Fact]
    public async Task The_plain_file_has_the_rules_of_the_chart()
    {
        var chart = await Rendered.TemplateAsync("prometheusRule.enabled=true", "crds.install=false");
        var groups = Groups().Match(chart[chart.IndexOf("kind: PrometheusRule", StringComparison.Ordinal)..]).Value;
        var text = "# Generated from charts/sluice by `make golden`; for rule_files of a Prometheus without its operator. Objectives come first.\n"
            + string.Join('\n', groups.Split('\n').Select(static l => l.Length > 2 ? l[2..] : l));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(PromTool.Rules, text);

        (await File.ReadAllTextAsync(PromTool.Rules)).Should().Be(text, "'make golden' writes it anew");
        await PromTool.RunAsync("check", "rules", PromTool.Rules);
    }

    [Fact]
    public async Task Objectives_are_values_and_may_differ_by_service()
    {
        const string Values =
            """
            {"enabled":true,"runbookUrl":"https://wiki.example/sluice","labels":{"release":"prometheus"},
             "objectives":{"errorRatio":0.002,"services":[{"namespace":"shop","name":"churn","latencySeconds":0.05}]}}
            """;
        var chart = Rendered.Objects(await Rendered.HelmAsync(
            "template", "sluice", Rendered.Chart, "--namespace", "sluice-system", "--set-json", $"prometheusRule={Values.ReplaceLineEndings("")}"));

        var rule = chart["PrometheusRule sluice-system/sluice-operator"];
        rule["metadata"]!["labels"]!["release"]!.ToString().Should().Be("prometheus");
        var text = rule.ToJsonString();
        text.Should().Contain("""{"record":"sluice:objective_error_ratio","expr":"vector(0.002)"}""")
            .And.Contain("""{"record":"sluice:objective_latency_seconds","expr":"vector(0.05)","labels":{"namespace":"shop","model":"churn"}}""")
            .And.Contain("https://wiki.example/sluice#sluiceservicenotready").And.NotContain("RUNBOOK");
    }

    [Fact]
    public Task Each_alert_fires_when_it_should_and_not_otherwise() => PromTool.RunAsync("test", "rules", Checkout.Path(Tests));

    [Fact]
    public void No_alert_is_untried()
    {
        var cases = Yaml.Read(File.ReadAllText(Checkout.Path(Tests)))[0]["tests"]!.AsArray()
            .SelectMany(static t => t!["alert_rule_test"]?.AsArray() ?? []).Select(static a => a!.AsObject()).ToArray();
        string[] Named(bool firing) => [.. cases.Where(c => c["exp_alerts"] is not null == firing).Select(static c => c["alertname"]!.ToString()).Distinct()];

        var names = Alerts.Select(static a => a["alert"]!.ToString()).ToArray();

        names.Should().OnlyHaveUniqueItems();
        Named(firing: true).Should().BeEquivalentTo(names);
        Named(firing: false).Should().BeEquivalentTo(names);
    }

    [Fact]
    public void Rules_name_metrics_and_labels_that_exist()
    {
        var problems = PromTool.AllRules.Where(static r => !r["expr"]!.ToString().StartsWith("vector(", StringComparison.Ordinal))
            .SelectMany(static r => Query.Problems(r["expr"]!.ToString()).Select(p => $"{r["alert"] ?? r["record"]}: {p}"));

        problems.Should().BeEmpty();
        PromTool.AllRules.Select(static r => r["record"]?.ToString()).OfType<string>().Should().BeEquivalentTo(Query.RecordedNames);
    }

    [Theory]
    [InlineData("sum by (namespace) (rate(sluice_request_total[5m]))", "there is no metric sluice_request_total")]
    [InlineData("""rate(sluice_requests_total{namespace="x",modell="y"}[5m])""", "sluice_requests_total has no label modell")]
    [InlineData("sum by (tenant) (sluice_queue_length)", "it groups by tenant, which none of its metrics has")]
    [InlineData("sluice_request_duration_seconds > 1", "there is no metric sluice_request_duration_seconds")]
    [InlineData("time() > 1", "it names no metric")]
    public void A_query_that_is_wrong_is_found_out(string query, string problem) => Query.Problems(query).Should().Equal(problem);

    [Fact]
    public void Every_alert_says_what_is_wrong_how_bad_it_is_and_where_to_read_on()
    {
        foreach (var alert in Alerts)
        {
            var name = alert["alert"]!.ToString();
            alert["labels"]!["severity"]!.ToString().Should().BeOneOf("critical", "warning");
            alert["annotations"]!["summary"]!.ToString().Should().NotBeEmpty();
            alert["annotations"]!["description"]!.ToString().Should().EndWith(".");
            alert["annotations"]!["runbook_url"]!.ToString().Should().Be($"docs/runbook.md#{name.ToLowerInvariant()}");
        }
    }

    // Up to the next document or the end.
    [GeneratedRegex(@"^  groups:\n(?:  .*\n|\n)+", RegexOptions.Multiline)]
    private static partial Regex Groups();
}
