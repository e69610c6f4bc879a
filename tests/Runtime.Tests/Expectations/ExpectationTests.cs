using System.Text;
using Sluice.Contract;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Models;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Expectations;

public sealed class ExpectationTests
{
    private const string TooLong = "Feature \"input[0]\" is 5.1 in row 0; the model expects from 4 to 5.";
    private const string V2 = """{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}""";
    private const string Binary = """{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}}]}""";

    [Fact]
    public async Task Every_protocol_refuses_what_is_not_as_expected()
    {
        await using var runtime = await StartAsync("iris/2", """[{"feature":"input[0]","min":4,"max":5,"reject":true}]""");
        using var grpc = new GrpcClient(runtime.Server.Grpc);

        Answer[] answers =
        [
            await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[5.1,3.5,1.4,0.2]]}"""),
            await runtime.PostAsync("/v1/models/iris:predict", """{"inputs":[[5.1,3.5,1.4,0.2]]}"""),
            await runtime.PostAsync("/v2/models/iris/infer", V2),
            await runtime.PostAsync("/predict", """{"features":[5.1,3.5,1.4,0.2]}"""),
            await runtime.SendAsync(
                HttpMethod.Post, "/v2/models/iris/infer", [.. Encoding.UTF8.GetBytes(Binary), .. InferMessage.Bytes(5.1f, 3.5f, 1.4f, 0.2f)],
                "application/octet-stream", ("Inference-Header-Content-Length", $"{Binary.Length}")),
        ];

        answers.Should().OnlyContain(static a => a.Status == 400);
        answers.Select(static a => a.Error).Should().AllBe(TooLong);
        foreach (var message in (byte[][])[InferMessage.Iris(), InferMessage.IrisRaw()])
        {
            var answer = await grpc.InferAsync(message);
            (answer.Code, answer.Message).Should().Be((3, TooLong));
        }
        (await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[4.9,3.5,1.4,0.2]]}""")).Status.Should().Be(200);
        (await runtime.MetricsAsync()).Should().Contain(Series("iris", "input[0]", "range", "reject", 7));
    }

    [Fact]
    public async Task What_is_not_refused_is_counted_by_feature_and_rule()
    {
        await using var runtime = await StartAsync("credit/1", """
            [{"feature":"age","min":18,"max":100,"required":true},{"feature":"credit_history","allowed":["good","fair"],"required":true},
             {"feature":"employment_years","allowed":[0,1,5.5,"7.5"]},{"feature":"income","min":0}]
            """);

        foreach (var (age, years, history) in ((string, string, string)[])[("35", "5.5", "good"), ("17", "7.5", "poor"), ("101", "2", ""), ("\"NaN\"", "\"NaN\"", "fair")])
        {
            var answer = await runtime.PostAsync(
                "/v1/models/credit:predict",
                $$"""{"instances":[{"income":50000,"age":{{age}},"loan_amount":1,"employment_years":{{years}},"credit_history":"{{history}}"}]}""");
            answer.Status.Should().Be(200, answer.Text);
        }

        var metrics = await runtime.MetricsAsync();
        metrics.Split('\n').Where(static l => l.StartsWith("sluice_expectation_violations_total{", StringComparison.Ordinal)).Should().BeEquivalentTo(
            Series("credit", "age", "range", "count", 2), Series("credit", "age", "required", "count", 1),
            Series("credit", "credit_history", "allowed", "count", 1), Series("credit", "credit_history", "required", "count", 1),
            Series("credit", "employment_years", "allowed", "count", 1));
    }

    [Theory]
    [InlineData(ViolationResults.Reject, 400)]
    [InlineData(ViolationResults.Count, 200)]
    public async Task One_word_for_all_overrules_what_each_says(string violations, int status)
    {
        var other = violations == ViolationResults.Reject ? "false" : "true";
        await using var runtime = await StartAsync("iris/2", $$"""[{"feature":"input","max":5,"reject":{{other}}}]""", violations);

        var answer = await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[1,2,3,4],[1,2,6,7]]}""");

        answer.Status.Should().Be(status, answer.Text);
        if (status == 400)
            answer.Error.Should().Be("Feature \"input\" is 6 in row 1; the model expects 5 or less.");
        (await runtime.MetricsAsync()).Should().Contain(Series("iris", "input", "range", violations, 2));
    }

    [Fact]
    public async Task A_bound_is_met_by_the_nearest_number_that_the_input_can_hold()
    {
        await using var runtime = await StartAsync("iris/2", """[{"feature":"input","min":0.1,"max":0.7,"allowed":["0.1",0.3,0.7],"reject":true}]""");

        (await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[0.1,0.3,0.7,0.7]]}""")).Status.Should().Be(200);
        (await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[0.1,0.3,0.7,0.6]]}""")).Error.Should()
            .Be("Feature \"input\" is 0.6 in row 0; the model expects from 0.1 to 0.7 and one of 0.1, 0.3, 0.7.");
    }

    [Fact]
    public async Task A_model_loaded_again_goes_on_counting()
    {
        await using var runtime = await StartAsync("iris/2", """[{"feature":"input[3]","max":0.1}]""");
        await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[5.1,3.5,1.4,0.2]]}""");
        (await runtime.Client.PostAsync(new Uri(runtime.Server.Admin, "/v2/repository/models/iris/load"), null)).EnsureSuccessStatusCode();

        await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[5.1,3.5,1.4,0.2]]}""");

        (await runtime.MetricsAsync()).Should().Contain(Series("iris", "input[3]", "range", "count", 2));
    }

    [Theory]
    [InlineData("iris/2", """[{"feature":"sepal"}]""", "*no feature \"sepal\"; it has input[0], input[1]*")]
    [InlineData("iris/2", """[{"feature":"input","min":2,"max":1}]""", "*min of \"input\" is above max*")]
    [InlineData("iris/2", """[{"feature":"input"},{"feature":"input"}]""", "*\"input\" is there twice*")]
    [InlineData("iris/2", """[{"feature":"input","allowed":[true]}]""", "*true in \"allowed\"*")]
    [InlineData("iris/2", """[{"name":"input"}]""", "*'feature'*")]
    [InlineData("iris/2", "nowhere.json", "*nowhere.json*")]
    [InlineData("credit/1", """[{"feature":"credit_history","min":2}]""", "*\"credit_history\" is text*")]
    public void Expectations_that_do_not_fit_the_model_are_found_when_it_is_verified(string model, string expectations, string why)
    {
        var act = () => Inspection.Of(TestModels.File(model), TimeProvider.System, golden: null, expectations);

        act.Should().Throw<FailureException>().WithMessage(why).Which.Reason.Should().Be(TerminationReasons.InvalidExpectations);
    }

    private static Task<TestRuntime> StartAsync(string model, string expectations, string? violations = null) => TestRuntime.StartAsync(
        model, model.Split('/')[0], s => s with { ModelVersion = "1", Expectations = new ExpectationSettings(ExpectationSet.Read(expectations), violations) });

    private static string Series(string model, string feature, string rule, string result, int count) =>
        $$"""sluice_expectation_violations_total{model="{{model}}",version="1",revision="r1",feature="{{feature}}",rule="{{rule}}",result="{{result}}"} {{count}}""";
}
