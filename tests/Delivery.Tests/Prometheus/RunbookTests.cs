using System.Text.RegularExpressions;
using Sluice.Contract.Metrics;
using Sluice.Operator.Metrics;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Prometheus;

/// <summary>The runbook helps at night: a section for each alert, commands and queries that work, metrics that exist.</summary>
public sealed partial class RunbookTests
{
    static readonly string Page = File.ReadAllText(Checkout.Path("docs", "runbook.md"));

    static readonly string[] Kinds = ["inferenceservice", "modelversions", "pods", "pod", "hpa", "lease", "events"];

    [Fact]
    public void Every_alert_has_its_section_and_every_section_its_alert()
    {
        var sections = Section().Split(Page)[1..].Select(static s => s.Split('\n', 2)).ToDictionary(static s => s[0], static s => s[1]);

        sections.Keys.Should().BeEquivalentTo(PromTool.AllRules.Select(static r => r["alert"]?.ToString()).OfType<string>());
        sections.Values.Should().OnlyContain(static text => text.Contains("```sh\n", StringComparison.Ordinal) && text.Contains("\n- ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_command_is_one_that_kubectl_understands()
    {
        var commands = Block("sh").SelectMany(static b => b.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToArray();

        commands.Should().HaveCountGreaterThan(20);
        foreach (var command in commands)
        {
            // It gets past its own options, and then finds no cluster.
            var (_, output) = await RunningProgram.RunAsync("/bin/bash", ["-c", command], new Dictionary<string, string>
            {
                ["PATH"] = $"{Path.GetDirectoryName(Checkout.Tool("kubectl"))}:{Path.GetDirectoryName(Checkout.Published("kubectl-sluice"))}:/usr/bin:/bin",
                ["KUBECONFIG"] = "/dev/null",
                ["HOME"] = "/nonexistent",
            });
            output.Should().MatchRegex("localhost:8080|connection refused|current-context is not set", command);
            if (GetOf().Match(command) is { Success: true } get)
                get.Groups[1].Value.Should().BeOneOf(Kinds, command);
        }
    }

    [Fact]
    public async Task Every_query_parses_and_every_metric_that_is_named_exists()
    {
        var queries = Block("promql").Select(static b => b.Trim()).ToArray();
        await PromTool.ParseAsync(queries);
        queries.SelectMany(Query.Problems).Should().BeEmpty();

        var known = OperatorCatalog.Groups.Concat(RuntimeCatalog.Groups).SelectMany(static g => g.Metrics).Select(static m => m.Name);
        var named = Word().Matches(Page).Select(static m => m.Groups[1].Value).ToArray();
        named.Should().HaveCountGreaterThan(5).And.OnlyContain(name => known.Contains(name));
    }

    static IEnumerable<string> Block(string language) =>
        Regex.Matches(Page, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(static m => m.Groups[1].Value);

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"kubectl (?:get|describe) (\S+)")]
    private static partial Regex GetOf();

    [GeneratedRegex("`((?:sluice|data|feature|model|prediction)_[a-z0-9_]+)`")]
    private static partial Regex Word();
}
