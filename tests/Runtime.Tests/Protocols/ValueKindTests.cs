using System.Text.Json;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Protocols;

/// <summary>Sequences, maps and optionals as inputs. What V2 sends is what it answers; all transports are in the conformance suite.</summary>
public sealed class ValueKindTests : IDisposable
{
    private const int Float = 1, Int64 = 7, Text = 8, Bool = 9;

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-kinds").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("""{"inputs":{"parts":[[1,2],[3]]}}""", "[1,2,3]")]
    [InlineData("""{"inputs":[[1],[2,3]]}""", "[1,2,3]")]
    [InlineData("""{"inputs":[["NaN"]]}""", """["NaN"]""")]
    public async Task V1_takes_a_sequence_as_a_list_of_tensors(string body, string joined)
    {
        await using var runtime = await JoinAsync();

        var answer = await runtime.PostAsync("/v1/models/join:predict", body);

        answer.Status.Should().Be(200, answer.Text);
        answer.Json.GetProperty("predictions").GetRawText().Should().Be(joined);
    }

    [Theory]
    [InlineData("""["[1,2]","[3]"]""", 2, 200, "[1,2,3]")]
    [InlineData("""["[1,2]","[3"]""", 2, 400, "element 1, [3, is not valid JSON")]
    [InlineData("""["[1,2]","[3] 4"]""", 2, 400, "element 1, [3] 4, is not valid JSON")]
    [InlineData("""["[1,\"x\"]"]""", 1, 400, "wants FP32; element 1 is")]
    [InlineData("""["[[1],[2,3]]"]""", 1, 400, "different lengths")]
    public async Task V2_takes_a_sequence_as_JSON_texts(string data, int count, int status, string expected)
    {
        await using var runtime = await JoinAsync();

        var answer = await runtime.PostAsync("/v2/models/join/infer", V2("parts", data, count));

        answer.Status.Should().Be(status, answer.Text);
        (status == 200 ? answer.Json.GetProperty("outputs")[0].GetProperty("data").GetRawText() : answer.Error)
            .Should().Contain(expected);
    }

    [Fact]
    public async Task An_empty_sequence_is_one()
    {
        var model = new OnnxWriter().Input("parts", OnnxTypes.Sequence(OnnxTypes.Tensor(Float, "n"))).Output("length", OnnxTypes.Tensor(Int64))
            .Node("SequenceLength", ["parts"], ["length"]);
        await using var runtime = await TestRuntime.StartAsync(model.Save(folder), "length");

        var v1 = await runtime.PostAsync("/v1/models/length:predict", """{"inputs":[]}""");
        var v2 = await runtime.PostAsync("/v2/models/length/infer", V2("parts", "[]", 0));

        v1.Text.Should().Be("""{"predictions":0}""");
        v2.Json.GetProperty("outputs")[0].GetProperty("data").GetRawText().Should().Be("[0]");
    }

    [Fact]
    public async Task Rows_cannot_hold_a_sequence_and_the_error_says_what_can()
    {
        await using var runtime = await JoinAsync();

        foreach (var (path, body) in ((string, string)[])[
            ("/v1/models/join:predict", """{"instances":[[1,2]]}"""), ("/predict", """{"features":[1,2]}""")])
        {
            var answer = await runtime.PostAsync(path, body);

            answer.Status.Should().Be(400, answer.Text);
            answer.Error.Should().Contain("seq(tensor(float))").And.Contain("""{"inputs": {"parts": …}}""");
        }
    }

    [Fact]
    public async Task More_items_than_memory_allows_are_refused()
    {
        await using var runtime = await JoinAsync();

        var answer = await runtime.PostAsync(
            "/v1/models/join:predict", $$"""{"inputs":[{{string.Join(',', Enumerable.Repeat("[1]", 100_001))}}]}""");

        answer.Status.Should().Be(413, answer.Text);
        (await runtime.PostAsync("/v1/models/join:predict", """{"inputs":[[1]]}""")).Status.Should().Be(200);
    }

    [Theory]
    [InlineData("""{"b":2,"a":1}""", 200, "[1,2,0]")]
    [InlineData("""{}""", 200, "[0,0,0]")]
    [InlineData("""{"a":1,"a":2}""", 400, "key \"a\" twice")]
    [InlineData("""{"a":[1]}""", 400, "one value for each key")]
    [InlineData("""[["a",1]]""", 400, "a JSON object")]
    public async Task A_map_is_a_JSON_object(string map, int status, string expected)
    {
        await using var runtime = await VectorAsync();

        var v1 = await runtime.PostAsync("/v1/models/vector:predict", $$$"""{"inputs":{"words":{{{map}}}}}""");
        var v2 = await runtime.PostAsync("/v2/models/vector/infer", V2("words", $"[\"{JsonEncodedText.Encode(map)}\"]", 1));

        (v1.Status, v2.Status).Should().Be((status, status), v1.Text + v2.Text);
        foreach (var answer in (Answer[])[v1, v2])
            (status == 200 ? answer.Text : answer.Error).Should().Contain(expected);
    }

    [Theory]
    [InlineData("""{"inputs":{"maybe":[1,2]}}""", """{"name":"maybe","datatype":"FP32","shape":[2],"data":[1,2]}""", "true")]
    [InlineData("""{"inputs":{"maybe":null}}""", """{"name":"maybe","datatype":"FP32","shape":[0],"parameters":{"absent":true},"data":[]}""", "false")]
    [InlineData("""{"inputs":{}}""", "", "false")]
    public async Task An_optional_is_null_or_left_out_when_it_has_no_value(string v1, string v2, string has)
    {
        var model = new OnnxWriter().Input("maybe", OnnxTypes.Optional(OnnxTypes.Tensor(Float, "n"))).Output("has", OnnxTypes.Tensor(Bool))
            .Node("OptionalHasElement", ["maybe"], ["has"]);
        await using var runtime = await TestRuntime.StartAsync(model.Save(folder), "option");

        var first = await runtime.PostAsync("/v1/models/option:predict", v1);
        var second = await runtime.PostAsync("/v2/models/option/infer", $$"""{"inputs":[{{v2}}]}""");

        first.Text.Should().Be($$"""{"predictions":{{has}}}""");
        second.Json.GetProperty("outputs")[0].GetProperty("data").GetRawText().Should().Be($"[{has}]");
    }

    [Fact]
    public async Task What_the_model_must_have_cannot_be_absent()
    {
        await using var runtime = await JoinAsync();

        var answer = await runtime.PostAsync(
            "/v2/models/join/infer",
            """{"inputs":[{"name":"parts","datatype":"BYTES","shape":[0],"parameters":{"absent":true},"data":[]}]}""");

        answer.Status.Should().Be(400);
        answer.Error.Should().Contain("cannot be absent");
    }

    [Fact]
    public async Task Metadata_and_descriptions_say_how_such_an_input_is_sent()
    {
        await using var runtime = await VectorAsync();

        var metadata = await runtime.GetAsync("/v2/models/vector");
        var openApi = await runtime.GetAsync("/openapi.json");
        var info = await runtime.GetAsync("/model-info");

        metadata.Json.GetProperty("inputs")[0].GetRawText().Should().Be(
            """{"name":"words","datatype":"BYTES","shape":[1],"parameters":{"onnx_type":"map(string,tensor(float))"}}""");
        var body = openApi.Json.GetProperty("paths").GetProperty("/v2/models/vector/infer").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
        (await runtime.PostAsync("/v2/models/vector/infer", body.GetRawText())).Status.Should().Be(200);
        (await runtime.PostAsync("/predict", info.Json.GetProperty("example").GetRawText())).Status.Should().Be(200);
    }

    private static string V2(string name, string data, int count) =>
        $$$"""{"inputs":[{"name":"{{{name}}}","datatype":"BYTES","shape":[{{{count}}}],"parameters":{"content_type":"application/json"},"data":{{{data}}}}]}""";

    private Task<TestRuntime> JoinAsync() => TestRuntime.StartAsync(
        new OnnxWriter().Input("parts", OnnxTypes.Sequence(OnnxTypes.Tensor(Float, "n"))).Output("all", OnnxTypes.Tensor(Float, "m"))
            .Node("ConcatFromSequence", ["parts"], ["all"], "", OnnxWriter.IntAttribute("axis", 0)).Save(folder),
        "join");

    private Task<TestRuntime> VectorAsync() => TestRuntime.StartAsync(
        new OnnxWriter().Input("words", OnnxTypes.Map(Text, OnnxTypes.Tensor(Float))).Output("vector", OnnxTypes.Tensor(Float, 1, 3))
            .Node("DictVectorizer", ["words"], ["vector"], "ai.onnx.ml", OnnxWriter.TextsAttribute("string_vocabulary", "a", "b", "c")).Save(folder),
        "vector");
}
