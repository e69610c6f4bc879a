using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Monitoring;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Monitoring;

/// <summary>The timer never comes; asking for the document collects.</summary>
public sealed class DriftTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-baseline").FullName;

    private static readonly MonitorSettings Learning = new() { RowsToLearn = 150, WindowRows = 150, Every = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Iris_traffic_like_the_baseline_is_quiet_and_shifted_traffic_is_drift()
    {
        await using var runtime = await StartAsync("iris/2", "iris", Learning);
        await SendIrisAsync(runtime);
        (await MonitoringAsync(runtime, "iris")).BaselineRows.Should().Be(150);

        await SendIrisAsync(runtime);
        var quiet = (await MonitoringAsync(runtime, "iris")).Closed!;
        await SendIrisAsync(runtime, petal: 2);
        var shifted = (await MonitoringAsync(runtime, "iris")).Closed!;

        quiet.Drift!.Drifted.Should().BeFalse();
        quiet.Profile.Rows.Should().Be(150);
        quiet.Profile.Features.Select(static f => f.Name).Should().Equal("input[0]", "input[1]", "input[2]", "input[3]");
        quiet.Profile.Predictions!.Select(static f => f.Name).Should().Equal("label", "probabilities[0]", "probabilities[1]", "probabilities[2]");
        (quiet.Sequence, shifted.Sequence).Should().Be((1, 2));
        shifted.Start.Should().Be(quiet.End!.Value);
        shifted.Drift!.Features.Where(static s => s.Score > s.Threshold).Select(static s => s.Feature).Should().Equal("input[2]");
        var metrics = await runtime.MetricsAsync();
        metrics.Should().Contain("""data_drift_detected{model="iris",version="1",revision="r1"} 1""")
            .And.Contain("""data_drift_share{model="iris",version="1",revision="r1"} 0.25""")
            .And.Contain("""data_drift_score{model="iris",version="1",revision="r1",feature="input[2]",method="ks"}""")
            .And.Contain("""model_drift_score{model="iris",version="1",revision="r1",feature="label",method="chi2"}""")
            .And.Contain("""sluice_monitor_windows_total{model="iris",version="1",revision="r1",result="drifted"} 1""")
            .And.Contain("""sluice_monitored_rows_total{model="iris",version="1",revision="r1"} 300""");
    }

    [Fact]
    public async Task A_learnt_baseline_can_be_fetched_and_given_to_the_next_pod()
    {
        await using var first = await StartAsync("iris/2", "iris", Learning);
        using (var early = await first.Client.GetAsync(new Uri(first.Server.Admin, "/v2/models/iris/baseline")))
            ((int)early.StatusCode).Should().Be(503);
        await SendIrisAsync(first);
        await MonitoringAsync(first, "iris");
        var file = Path.Combine(folder, "baseline.json");
        await File.WriteAllTextAsync(file, await first.Client.GetStringAsync(new Uri(first.Server.Admin, "/v2/models/iris/baseline")));

        await using var second = await StartAsync("iris/2", "iris", Learning with { RowsToLearn = 0, Baseline = file });
        await SendIrisAsync(second);

        var window = (await MonitoringAsync(second, "iris")).Closed!;
        window.Drift!.Features.Should().OnlyContain(static s => s.Score < 1e-9);
        window.Drift.Predictions.Should().OnlyContain(static s => s.Score < 1e-9);
    }

    [Fact]
    public async Task Features_of_a_baseline_with_names_of_its_own_are_found_by_place()
    {
        var file = Path.Combine(folder, "baseline.json");
        await File.WriteAllTextAsync(file, Baseline("sepal_length", "sepal_width", "petal_length", "petal_width"));
        await using var runtime = await StartAsync("iris/2", "iris", new MonitorSettings { Baseline = file, Every = TimeSpan.FromHours(1) });

        await SendIrisAsync(runtime);

        var document = await MonitoringAsync(runtime, "iris");
        document.Open!.Profile.Features.Select(static f => (f.Name, f.Count)).Should().Equal(
            ("sepal_length", 150), ("sepal_width", 150), ("petal_length", 150), ("petal_width", 150));
        document.Unwatched.Should().Contain("label: the baseline does not name it");
    }

    [Fact]
    public async Task Columns_by_name_and_texts_are_watched_and_what_is_not_is_named()
    {
        await using var runtime = await StartAsync("credit/1", "credit", Learning with { RowsToLearn = 50 });
        for (var i = 0; i < 60; i++)
        {
            (await runtime.PostAsync(
                "/v1/models/credit:predict",
                $$"""{"instances":[{"income":{{50000 + i}},"age":35,"loan_amount":10000,"employment_years":5,"credit_history":"{{(i % 2 == 0 ? "good" : "poor")}}"}]}""")).Status.Should().Be(200);
            if (i == 49)
                await MonitoringAsync(runtime, "credit");
        }

        var document = await MonitoringAsync(runtime, "credit");

        document.Unwatched.Should().ContainSingle().Which.Should().Contain("output_probability").And.Contain("seq(map(");
        var features = document.Open!.Profile.Features.ToDictionary(static f => f.Name);
        features.Keys.Should().Equal("income", "age", "loan_amount", "employment_years", "credit_history");
        features["credit_history"].Values!.Select(static v => (v.Value, v.Count)).Should().Equal(("good", 5), ("poor", 5));
        features["age"].Edges.Should().Equal(35, 35);
        features["age"].Counts.Should().Equal(0, 10, 0);
        features["income"].Max.Should().Be(50059);
        features["income"].Counts![^1].Should().Be(10, "the baseline ended below");
    }

    [Fact]
    public async Task Rows_of_many_callers_are_all_recorded()
    {
        await using var runtime = await StartAsync("iris/2", "iris", Learning with { WindowRows = 1_000_000 });
        await SendIrisAsync(runtime);
        await MonitoringAsync(runtime, "iris");

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) =>
            {
                await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[5.1,3.5,1.4,0.2],[6.3,3.3,6.0,2.5],[5,3,4,1]]}""");
                if (i % 20 == 0)
                    await MonitoringAsync(runtime, "iris");
            });

        var profile = (await MonitoringAsync(runtime, "iris")).Open!.Profile;
        profile.Rows.Should().Be(600);
        profile.Features.Concat(profile.Predictions!).Should().OnlyContain(static f => f.Count == 600);
    }

    [Fact]
    public async Task Elements_of_every_type_are_recorded_or_named()
    {
        await using var runtime = await StartAsync("types/1", "types", Learning with { RowsToLearn = 50 });
        (string Name, string Datatype, byte[] One)[] types =
        [
            ("f32", "FP32", BitConverter.GetBytes(1f)), ("f64", "FP64", BitConverter.GetBytes(1.0)),
            ("f16", "FP16", BitConverter.GetBytes((Half)1)), ("i8", "INT8", [1]), ("i16", "INT16", [1, 0]),
            ("i32", "INT32", [1, 0, 0, 0]), ("i64", "INT64", [1, 0, 0, 0, 0, 0, 0, 0]), ("u8", "UINT8", [1]),
            ("u16", "UINT16", [1, 0]), ("u32", "UINT32", [1, 0, 0, 0]), ("u64", "UINT64", [1, 0, 0, 0, 0, 0, 0, 0]), ("b", "BOOL", [1]),
        ];
        var inputs = types.Select(static t =>
            $$$"""{"name":"{{{t.Name}}}","datatype":"{{{t.Datatype}}}","shape":[1,2],"parameters":{"binary_data_size":{{{2 * t.One.Length}}}}}""");
        var head = Encoding.UTF8.GetBytes("{\"parameters\":{\"binary_data_output\":true},\"inputs\":[" + string.Join(',', inputs) + "]}");
        byte[] body = [.. head, .. types.SelectMany(static t => (IEnumerable<byte>)[.. new byte[t.One.Length], .. t.One])];
        for (var i = 0; i < 60; i++)
        {
            var answer = await runtime.SendAsync(
                HttpMethod.Post, "/v2/models/types/infer", body, "application/octet-stream", ("Inference-Header-Content-Length", $"{head.Length}"));
            answer.Status.Should().Be(200, answer.Text);
            if (i == 49)
                await MonitoringAsync(runtime, "types");
        }

        var document = await MonitoringAsync(runtime, "types");

        document.Open.Should().NotBeNull();
        document.Open!.Profile.Features.Should().HaveCount(2 * types.Length).And.OnlyContain(static f => f.Count == 10);
        document.Open.Profile.Features.Where(static f => f.Kind == FeatureDocument.Number).Chunk(2)
            .Should().OnlyContain(static pair => pair[0].Max == 0 && pair[1].Min == 1);
        document.Open.Profile.Features[^1].Values.Should().Equal(new CategoryDocument { Value = "true", Count = 10 });
        (await runtime.MetricsAsync()).Should().Contain("""sluice_monitor_failures_total{model="types",version="1",revision="r1"} 0""");
    }

    [Fact]
    public async Task Nothing_is_monitored_unless_asked_for()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");

        using var answer = await runtime.Client.GetAsync(new Uri(runtime.Server.Admin, "/v2/models/iris/monitoring"));

        ((int)answer.StatusCode).Should().Be(404);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("--learn-baseline");
        (await runtime.MetricsAsync()).Should().NotContain("data_drift");
    }

    [Fact]
    public async Task A_baseline_that_cannot_be_read_ends_the_start_with_the_reason()
    {
        var file = Path.Combine(folder, "baseline.json");
        await File.WriteAllTextAsync(file, """{"schema":1,"rows":1,"features":[{"name":"a","kind":"number","edges":[0,1],"counts":[1]}]}""");

        var start = () => StartAsync("iris/2", "iris", new MonitorSettings { Baseline = file });

        (await start.Should().ThrowAsync<FailureException>()).WithMessage("*baseline.json*\"a\"*3 counts*")
            .Which.Reason.Should().Be(TerminationReasons.InvalidBaseline);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Task<TestRuntime> StartAsync(string model, string name, MonitorSettings settings) =>
        TestRuntime.StartAsync(model, name, s => s with { ModelVersion = "1", Monitoring = settings });

    private static async Task<MonitorDocument> MonitoringAsync(TestRuntime runtime, string model)
    {
        var json = await runtime.Client.GetStringAsync(new Uri(runtime.Server.Admin, $"/v2/models/{model}/monitoring"));
        return JsonSerializer.Deserialize(json, ContractJson.Default.MonitorDocument)!;
    }

    private static async Task SendIrisAsync(TestRuntime runtime, double petal = 0)
    {
        var rows = File.ReadAllLines(Path.Combine(TestModels.Root, "iris", "iris.csv"))[1..].Select(static l => l.Split(','));
        var instances = rows.Select(r => string.Create(
            CultureInfo.InvariantCulture, $"[{r[0]},{r[1]},{double.Parse(r[2], CultureInfo.InvariantCulture) + petal},{r[3]}]"));
        var answer = await runtime.PostAsync("/v1/models/iris:predict", $$"""{"instances":[{{string.Join(',', instances)}}]}""");
        answer.Status.Should().Be(200);
    }

    private static string Baseline(params string[] features) =>
        $$"""{"schema":1,"rows":150,"features":[{{string.Join(',', features.Select(static f => $$"""{"name":"{{f}}","kind":"number","mean":4,"variance":1,"min":0,"max":8,"edges":[0,4,8],"counts":[0,75,75,0]}"""))}}]}""";
}
