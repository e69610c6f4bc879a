using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Protocols;

public sealed class V1Tests
{
    [Fact]
    public async Task Rows_are_answered_with_one_prediction_each()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");

        var answer = await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[5.1,3.5,1.4,0.2],[6.3,3.3,6.0,2.5]]}""");

        answer.Status.Should().Be(200, answer.Text);
        answer.Json.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("label").GetInt32()).Should().Equal(0, 2);
    }

    [Fact]
    public async Task Iris_rows_are_answered_as_their_classes_say()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");
        var rows = File.ReadAllLines(Path.Combine(TestModels.Root, "iris", "iris.csv"))[1..].Select(l => l.Split(',')).ToList();
        var instances = string.Join(',', rows.Select(r => $"[{string.Join(',', r[..4])}]"));

        var answer = await runtime.PostAsync("/v1/models/iris:predict", $$"""{"instances":[{{instances}}]}""");

        var labels = answer.Json.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("label").GetInt32());
        labels.Zip(rows).Count(p => p.First == int.Parse(p.Second[4])).Should().BeGreaterThan(135);
    }

    [Theory]
    [InlineData("""{"instances":[{"income":50000,"age":35,"loan_amount":10000,"employment_years":5,"credit_history":"good"},{"income":[18000],"age":[22],"loan_amount":[30000],"employment_years":[0],"credit_history":["poor"]}]}""", false)]
    [InlineData("""{"instances":[{"credit_history":["good"],"income":[50000],"age":[35],"loan_amount":[10000],"employment_years":[5]},{"age":[22],"income":[18000],"loan_amount":[30000],"employment_years":[0],"credit_history":["poor"]}]}""", true)]
    public async Task Rows_of_named_columns_are_answered(string body, bool fits)
    {
        await using var runtime = await TestRuntime.StartAsync("credit/1", "credit");

        var answer = await runtime.PostAsync("/v1/models/credit:predict", body);

        answer.Status.Should().Be(fits ? 200 : 400, answer.Text);
        if (!fits)
        {
            answer.Error.Should().Contain("income").And.Contain("row 1");
            return;
        }
        var predictions = answer.Json.GetProperty("predictions");
        predictions.EnumerateArray().Select(p => p.GetProperty("label").GetInt32()).Should().Equal(1, 0);
        predictions[0].GetProperty("output_probability").GetProperty("1").GetDouble().Should().BeApproximately(0.99688792, 1e-5);
    }

    [Fact]
    public async Task Columns_are_answered_with_columns()
    {
        await using var runtime = await TestRuntime.StartAsync("credit/1", "credit");

        var answer = await runtime.PostAsync(
            "/v1/models/credit:predict",
            """{"inputs":{"income":[50000,18000],"age":[35,22],"loan_amount":[10000,30000],"employment_years":[5,0],"credit_history":["good","poor"]}}""");

        var predictions = answer.Json.GetProperty("predictions");
        predictions.GetProperty("label").EnumerateArray().Select(l => l.GetInt32()).Should().Equal(1, 0);
        predictions.GetProperty("output_probability").GetArrayLength().Should().Be(2);
    }

    [Fact]
    public async Task A_model_with_one_output_answers_its_values_bare()
    {
        await using var runtime = await TestRuntime.StartAsync("nan/1", "nan");

        (await runtime.PostAsync("/v1/models/nan:predict", """{"instances":[[4,9,-1,16]]}""")).Text
            .Should().Be("""{"predictions":[[2,3,"NaN",4]]}""");
        (await runtime.PostAsync("/v1/models/nan:predict", """{"inputs":[[4,9,16,25]]}""")).Text
            .Should().Be("""{"predictions":[[2,3,4,5]]}""");
    }

    [Fact]
    public async Task Models_are_listed_and_told_ready()
    {
        await using var runtime = await TestRuntime.StartAsync(TestModels.Root + "/iris/2/model.onnx");

        (await runtime.GetAsync("/v1/models")).Text.Should().Be("""{"models":["model"]}""");
        (await runtime.GetAsync("/v1/models/model")).Text.Should().Be("""{"name":"model","ready":true}""");
        (await runtime.GetAsync("/")).Text.Should().Be("""{"status":"alive"}""");
        (await runtime.GetAsync("/v1/models/other")).Status.Should().Be(404);
    }

    [Fact]
    public async Task A_large_body_in_many_pieces_is_read_whole()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");
        var rows = string.Join(", ", Enumerable.Range(0, 20_000).Select(i => $"[{i % 7}.5, 3.25, {i % 5}, 0.{i % 3}]"));

        var answer = await runtime.PostAsync("/v1/models/iris:predict", $$"""{"instances": [{{rows}}]}""");

        answer.Json.GetProperty("predictions").GetArrayLength().Should().Be(20_000);
    }
}
