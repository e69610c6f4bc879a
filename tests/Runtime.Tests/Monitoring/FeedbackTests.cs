using System.Globalization;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Monitoring;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Monitoring;

public sealed class FeedbackTests
{
    private static readonly string[][] Iris = [.. File.ReadAllLines(Path.Combine(TestModels.Root, "iris", "iris.csv"))[1..].Select(static l => l.Split(','))];

    [Fact]
    public async Task Rolling_accuracy_F1_and_Brier_are_those_of_the_whole_batch()
    {
        await using var runtime = await StartAsync("iris/1", "iris");
        var predictions = new List<JsonElement>();
        foreach (var (rows, i) in Iris.Chunk(50).Select(static (r, i) => (r, i)))
        {
            var answer = await runtime.SendAsync(
                HttpMethod.Post, "/v1/models/iris:predict", System.Text.Encoding.UTF8.GetBytes(Instances(rows)), "application/json", ("x-request-id", $"call-{i}"));
            answer.Headers["x-request-id"].Should().Be($"call-{i}");
            predictions.AddRange(answer.Json.GetProperty("predictions").EnumerateArray());
        }
        var truth = Iris.Select(static r => int.Parse(r[4], CultureInfo.InvariantCulture)).ToList();

        var whole = await SendAsync(runtime, $$"""{"feedback":[{"id":"call-0","labels":[{{string.Join(',', truth[..50])}}]},{"id":"call-1","labels":[{{string.Join(',', truth[50..100])}}]}]}""");
        for (var row = 0; row < 50; row++)
            await SendAsync(runtime, $$"""{"id":"call-2","row":{{row}},"label":{{truth[100 + row]}}}""");

        whole.Text.Should().Be("""{"joined":100,"given":0,"unknown":0,"late":0,"duplicate":0}""");
        var feedback = (await MonitoringAsync(runtime)).Feedback!;
        var told = predictions.Select(static p => p.GetProperty("label").GetInt32()).ToList();
        feedback.Rows.Should().Be(150);
        feedback.Accuracy.Should().BeApproximately(told.Zip(truth).Average(static p => p.First == p.Second ? 1.0 : 0), 1e-12);
        feedback.F1.Should().BeApproximately(MacroF1(told, truth), 1e-12);
        (feedback.ClassRows, feedback.ScoredRows, feedback.NumberRows).Should().Be((150, 150, 0));
        feedback.Classes!.Average(static c => 2.0 * c.Right / c.Seen).Should().BeApproximately(feedback.F1!.Value, 1e-12, "who merges pods makes F1 of these");
        feedback.Brier.Should().BeApproximately(
            predictions.Zip(truth).Average(static p => p.First.GetProperty("probabilities").EnumerateArray()
                .Select((score, i) => Math.Pow(score.GetDouble() - (i == p.Second ? 1 : 0), 2)).Sum()),
            1e-6);
        (await runtime.MetricsAsync()).Should().Contain("""model_feedback_rows{model="iris",version="1",revision="r1"} 150""")
            .And.Contain("""sluice_feedback_total{model="iris",version="1",revision="r1",result="joined"} 150""")
            .And.Contain("model_accuracy{").And.Contain("model_f1_macro{").And.Contain("model_brier_score{");
    }

    [Fact]
    public async Task Ids_that_are_unknown_late_or_told_twice_are_counted()
    {
        await using var runtime = await StartAsync("iris/2", "iris", window: 100);
        for (var i = 0; i < 3; i++)
        {
            await runtime.PostAsync("/v2/models/iris/infer", $$"""{"id":"first-{{i}}","inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}""");
            (await SendAsync(runtime, $$"""{"id":"first-{{i}}","label":0}""")).Text.Should().Contain("\"joined\":1");
        }
        (await SendAsync(runtime, """{"id":"first-0","label":1}""")).Text.Should().Contain("\"duplicate\":1");
        for (var i = 0; i < 10; i++)
        {
            await runtime.PostAsync("/v1/models/iris:predict", Instances(Iris[..20]));
            await MonitoringAsync(runtime);
            await SendAsync(runtime, """{"id":"files what was recorded","label":0}""");
        }

        (await SendAsync(runtime, """{"id":"first-0","label":0}""")).Text.Should().Contain("\"late\":1");
        (await SendAsync(runtime, """{"id":"elsewhere","label":"2","predicted":2}""")).Text.Should().Contain("\"given\":1").And.Contain("\"unknown\":0");

        var feedback = (await MonitoringAsync(runtime)).Feedback!;
        (feedback.Joined, feedback.Given, feedback.Late, feedback.Duplicate, feedback.Unknown).Should().Be((3, 1, 1, 1, 10));
        (feedback.Rows, feedback.Accuracy).Should().Be((4, 1.0));
    }

    [Fact]
    public async Task Classes_by_name_are_held_against_texts()
    {
        await using var runtime = await StartAsync("text/1", "text");
        var answer = await runtime.SendAsync(
            HttpMethod.Post, "/v1/models/text:predict", """{"instances":["good","bad"]}"""u8.ToArray(), "application/json", ("x-request-id", "t"));
        var told = answer.Json.GetProperty("predictions").EnumerateArray().Select(static p => p.GetProperty("echo").GetString()).ToList();

        (await SendAsync(runtime, $$"""{"id":"t","labels":["{{told[0]}}","other"]}""")).Text.Should().Contain("\"joined\":2");

        (await MonitoringAsync(runtime)).Feedback!.Accuracy.Should().Be(0.5);
    }

    [Fact]
    public async Task Numbers_are_held_against_numbers_and_ids_count_over_every_protocol()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-feedback-").FullName;
        try
        {
            var model = new OnnxWriter()
                .Input("x", OnnxTypes.Tensor(1, "rows", 1)).Output("y", OnnxTypes.Tensor(1, "rows", 1)).Node("Neg", ["x"], ["y"]).Save(folder);
            await using var runtime = await StartAsync(model, "price");
            using var grpc = new GrpcClient(runtime.Server.Grpc);
            await runtime.SendAsync(HttpMethod.Post, "/v1/models/price:predict", """{"instances":[[1],[2]]}"""u8.ToArray(), "application/json", ("x-request-id", "header"));
            await runtime.PostAsync("/v2/models/price/infer", """{"id":"bo\u0064y\/1","inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[3]}]}""");
            var called = await grpc.InferAsync(InferMessage.To("price").Text(3, "message").Typed("x", "FP32", [1, 1], InferMessage.Floats(4)).ToArray());
            called.Code.Should().Be(0, called.Message);

            var counts = await SendAsync(runtime, """
                {"feedback":[{"id":"header","values":[-1.5,-1]},{"id":"body/1","value":-3},{"id":"message","value":-6.5},{"id":"other","value":0,"predicted":1}]}
                """);

            counts.Text.Should().Be("""{"joined":4,"given":1,"unknown":0,"late":0,"duplicate":0}""");
            var feedback = (await MonitoringAsync(runtime)).Feedback!;
            feedback.MeanAbsoluteError.Should().BeApproximately((0.5 + 1 + 0 + 2.5 + 1) / 5, 1e-9);
            (feedback.Rows, feedback.Accuracy).Should().Be((5, null));
            (await runtime.MetricsAsync()).Should().Contain("""model_mean_absolute_error{model="price",version="1",revision="r1"} 1""");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("[]", "*\"id\" and \"label\"*")]
    [InlineData("""{"label":1}""", "*\"id\" is missing in the body*")]
    [InlineData("""{"id":"a"}""", "*\"label\" or \"value\" is missing in the body*")]
    [InlineData("""{"feedback":[{"id":"a","label":1},{"id":"b","label":[1]}]}""", "*[1] in \"feedback\"[1] is not a class*")]
    [InlineData("""{"id":"a","value":"high"}""", "*\"high\"*not a number*")]
    [InlineData("""{"id":"a","row":-1,"label":1}""", "*\"row\"*-1*")]
    [InlineData("""{"id":"a","labels":1}""", "*\"labels\"*list*")]
    [InlineData("{", "*not valid JSON*")]
    public async Task Feedback_that_makes_no_sense_is_refused_whole(string body, string message)
    {
        await using var runtime = await StartAsync("iris/2", "iris");

        var answer = await SendAsync(runtime, body);

        answer.Status.Should().Be(400, answer.Text);
        answer.Error.Should().Match(message);
        (await MonitoringAsync(runtime)).Feedback.Should().Match<FeedbackDocument>(static f => f.Joined + f.Unknown == 0);
    }

    [Fact]
    public async Task Without_a_window_no_feedback_is_taken()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");

        var answer = await SendAsync(runtime, """{"id":"a","label":1}""");

        answer.Status.Should().Be(404);
        answer.Error.Should().Contain("--feedback-window");
        (await runtime.GetAsync("/v1/models/iris:feedback")).Status.Should().Be(405);
    }

    private static Task<TestRuntime> StartAsync(string model, string name, int window = 1000) =>
        TestRuntime.StartAsync(model, name, s => s with { ModelVersion = "1", Feedback = new FeedbackSettings(window) });

    private static Task<Answer> SendAsync(TestRuntime runtime, string body) => runtime.PostAsync("/v1/models/" + runtime.Server.State.Catalog.All.Single().Name + ":feedback", body);

    private static async Task<MonitorDocument> MonitoringAsync(TestRuntime runtime)
    {
        var name = runtime.Server.State.Catalog.All.Single().Name;
        var json = await runtime.Client.GetStringAsync(new Uri(runtime.Server.Admin, $"/v2/models/{name}/monitoring"));
        return JsonSerializer.Deserialize(json, ContractJson.Default.MonitorDocument)!;
    }

    private static string Instances(string[][] rows) => "{\"instances\":[" + string.Join(',', rows.Select(static r => $"[{string.Join(',', r[..4])}]")) + "]}";

    private static double MacroF1(List<int> told, List<int> truth) => truth.Concat(told).Distinct().Average(c =>
        2.0 * told.Zip(truth).Count(p => p.First == c && p.Second == c) / (told.Count(t => t == c) + truth.Count(t => t == c)));
}
