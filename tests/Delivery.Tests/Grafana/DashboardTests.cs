using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Delivery.Tests.Chart;
using Sluice.Delivery.Tests.Prometheus;

namespace Sluice.Delivery.Tests.Grafana;

/// <summary>The dashboards: whole, over metrics that exist, and handed to Grafana by the chart.</summary>
public sealed partial class DashboardTests
{
    static readonly string[] Boards = ["service", "rollout", "fleet"];

    public static TheoryData<string> Names => [.. Boards];

    static string Folder => Path.Combine(Rendered.Chart, "dashboards");

    [Fact]
    public void There_are_those_three() =>
        Directory.GetFiles(Folder).Select(static f => Path.GetFileNameWithoutExtension(f)!).Should().BeEquivalentTo(Boards);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_query_parses_and_names_metrics_and_labels_that_exist(string name)
    {
        var board = Read(name);
        var queries = Queries(board).ToArray();

        queries.Should().HaveCountGreaterThan(10);
        queries.Should().OnlyContain(static q => !q.Contains('$'), "every variable is one that the dashboard has");
        await PromTool.ParseAsync(queries);
        queries.SelectMany(static q => Query.Problems(q).Select(p => $"{q}: {p}")).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_panel_has_its_place_its_title_and_its_source(string name)
    {
        var board = Read(name);
        var panels = board["panels"]!.AsArray().Select(static p => p!.AsObject()).ToArray();

        board["uid"]!.ToString().Should().Be($"sluice-{name}");
        panels.Select(static p => p["id"]!.GetValue<int>()).Should().OnlyHaveUniqueItems();
        panels.Select(static p => p["title"]!.ToString()).Should().OnlyHaveUniqueItems().And.NotContain("");
        var taken = new HashSet<(int, int)>();
        foreach (var panel in panels)
        {
            var at = panel["gridPos"]!;
            int Of(string side) => at[side]!.GetValue<int>();
            (Of("x") + Of("w")).Should().BeLessThanOrEqualTo(24);
            foreach (var cell in from x in Enumerable.Range(Of("x"), Of("w")) from y in Enumerable.Range(Of("y"), Of("h")) select (x, y))
                taken.Add(cell).Should().BeTrue($"{panel["title"]} lies on another panel");
            if (panel["type"]!.ToString() == "row")
                continue;
            panel["targets"]!.AsArray().Should().NotBeEmpty();
            panel["targets"]!.AsArray().Select(static t => t!["datasource"]!["uid"]!.ToString()).Should().OnlyContain(static uid => uid == "${datasource}");
        }
    }

    [Fact]
    public async Task The_chart_hands_them_over_as_they_are_when_asked()
    {
        var chart = Rendered.Objects(await Rendered.TemplateAsync(
            "grafanaDashboards.enabled=true", "grafanaDashboards.annotations.grafana_folder=Sluice", "crds.install=false"));

        foreach (var name in Boards)
        {
            var map = chart[$"ConfigMap sluice-system/sluice-operator-dashboard-{name}"];
            map["metadata"]!["labels"]!["grafana_dashboard"]!.ToString().Should().Be("1");
            map["metadata"]!["annotations"]!["grafana_folder"]!.ToString().Should().Be("Sluice");
            JsonNode.DeepEquals(JsonNode.Parse(map["data"]![$"sluice-{name}.json"]!.ToString()), Read(name)).Should().BeTrue();
        }

        Rendered.Objects(await Rendered.TemplateAsync()).Keys.Should().NotContain(static k => k.Contains("dashboard", StringComparison.Ordinal));
    }

    static JsonObject Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")))!.AsObject();

    /// <summary>Of panels and of variables, with the variables filled in as Grafana would.</summary>
    static IEnumerable<string> Queries(JsonObject board)
    {
        var variables = board["templating"]!["list"]!.AsArray().Select(static v => v!.AsObject()).ToArray();
        var asked = board["panels"]!.AsArray().SelectMany(static p => p!["targets"]?.AsArray() ?? []).Select(static t => t!["expr"]!.ToString())
            .Concat(variables.Where(static v => v["type"]!.ToString() == "query").Select(static v => LabelValues().Replace(v["definition"]!.ToString(), "count by ($2) ($1)")));
        return asked.Select(q => variables.Select(static v => v["name"]!.ToString())
            .Aggregate(q.Replace("$__rate_interval", "5m", StringComparison.Ordinal), static (text, name) => text.Replace("$" + name, "x", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^label_values\((.*), (\w+)\)$")]
    private static partial Regex LabelValues();
}
