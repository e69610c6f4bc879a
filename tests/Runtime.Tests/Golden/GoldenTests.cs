using System.Text.Json.Nodes;
using Sluice.Contract;
using Sluice.Onnx;
using Sluice.Runtime.Golden;
using Sluice.Runtime.Models;
using Sluice.Support.Models;
using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Golden;

/// <summary>A model must answer what it answered when it was made.</summary>
public sealed class GoldenTests
{
    [Theory]
    [InlineData("iris/1")]
    [InlineData("iris/2")]
    [InlineData("forest/1")]
    [InlineData("credit/1")]
    [InlineData("text/1")]
    public void What_another_binding_answered_is_answered_here(string model)
    {
        using var served = Served(model);

        GoldenReplay.Run(served, Parse(Recorded(model).ToJsonString())).Should().OnlyContain(r => r.Difference == null);
    }

    [Fact]
    public void A_model_that_answers_otherwise_is_told_by_its_first_difference()
    {
        using var served = Served("iris/3-wrong");
        var golden = Parse(Recorded("iris/2").ToJsonString());

        var act = () => GoldenReplay.Require(served, golden);

        var refused = act.Should().Throw<FailureException>().Which;
        refused.Reason.Should().Be(TerminationReasons.GoldenMismatch);
        refused.Message.Should().Match("Golden case \"recorded\": output \"label\" at [0] is ?, expected 0.");
    }

    [Fact]
    public void The_example_of_the_documentation_holds()
    {
        var page = File.ReadAllText(Checkout.Path("docs", "models-and-storage.md"));
        var start = page.IndexOf("```json\n{\"cases\"", StringComparison.Ordinal) + "```json\n".Length;
        using var served = Served("iris/2");

        var results = GoldenReplay.Run(served, Parse(page[start..page.IndexOf("```", start, StringComparison.Ordinal)])).ToList();

        results.Should().HaveCountGreaterThan(1).And.OnlyContain(r => r.Difference == null);
    }

    [Theory]
    [InlineData("""{"outputs": [{"name": "label", "data": [0]}]}""", null)]
    [InlineData("""{"outputs": [{"name": "label", "data": [[0]]}]}""", null)]
    [InlineData("""{"outputs": [{"name": "label", "datatype": "INT64", "shape": [1], "data": [0]}], "model_name": "other"}""", null)]
    [InlineData("""{"outputs": [{"name": "probabilities", "data": [0.97425, 0.0258, 0]}]}""", null)]
    [InlineData("""{"outputs": [{"name": "probabilities", "data": [0.97, 0.0258, 0]}]}""", "output \"probabilities\" at [0, 0] is 0.97420*, expected 0.97 (within 1E-05 + 0.0001 × |expected|).")]
    [InlineData("""{"outputs": [{"name": "label", "data": [1]}]}""", "output \"label\" at [0] is 0, expected 1.")]
    [InlineData("""{"outputs": [{"name": "label", "data": ["0"]}]}""", "output \"label\" at [0] is 0, expected \"0\".")]
    [InlineData("""{"outputs": [{"name": "label", "data": [0, 0]}]}""", "output \"label\" has 1 elements, expected 2.")]
    [InlineData("""{"outputs": [{"name": "label", "datatype": "INT32", "data": [0]}]}""", "output \"label\" has datatype \"INT64\", expected \"INT32\".")]
    [InlineData("""{"outputs": [{"name": "label", "shape": [1, 1], "data": [0]}]}""", "output \"label\" has shape [1], expected [1, 1].")]
    [InlineData("""{"outputs": [{"name": "score", "data": [0]}]}""", "output \"score\" is expected; the model gave \"label\", \"probabilities\".")]
    [InlineData("""{"outputs": [{"name": "label"}]}""", "each of the response's \"outputs\" needs \"name\" and \"data\".")]
    [InlineData("""{"predictions": [0]}""", "the response has no list of \"outputs\" to compare with.")]
    public void An_answer_over_V2_is_compared_by_what_the_response_has(string response, string? difference) => Compare(
        """{"inputs": [{"name": "input", "shape": [1, 4], "datatype": "FP32", "data": [5.1, 3.5, 1.4, 0.2]}]}""", response, difference);

    [Theory]
    [InlineData("""{"predictions": [{"label": 0}]}""", null)]
    [InlineData("""{"predictions": [{"label": 0, "probabilities": [0.97425, 0.0258, 0]}]}""", null)]
    [InlineData("""{"predictions": [{"probabilities": [0.97425, 0.03, 0]}]}""", "predictions[0].probabilities[1] is 0.0257*, expected 0.03 (within*")]
    [InlineData("""{"predictions": [{"label": 2}]}""", "predictions[0].label is 0, expected 2.")]
    [InlineData("""{"predictions": [{"class": 0}]}""", "predictions[0].class is expected, and the answer does not have it.")]
    [InlineData("""{"predictions": []}""", "predictions has 1 entries, expected 0.")]
    [InlineData("""{"outputs": []}""", "the response has no \"predictions\" to compare with.")]
    public void An_answer_over_V1_is_compared_by_what_the_response_has(string response, string? difference) =>
        Compare("""{"instances": [[5.1, 3.5, 1.4, 0.2]]}""", response, difference);

    [Theory]
    [InlineData("""{"instances": [[1, 2]]}""", "the model refuses the request: *\"input\"*")]
    [InlineData("""{"inputs": [{"name": "inptu", "shape": [1, 4], "datatype": "FP32", "data": [1, 2, 3, 4]}]}""", "the model refuses the request: *\"inptu\"*")]
    public void A_request_that_the_model_does_not_take_is_a_difference(string request, string difference) =>
        Compare(request, """{"predictions": []}""", difference);

    [Fact]
    public void A_case_has_its_own_tolerance_or_that_of_the_file()
    {
        using var served = Served("iris/2");
        const string wide = """ "tolerance": {"absolute": 0.1} """;
        const string body = """ "request": {"instances": [[5.1, 3.5, 1.4, 0.2]]}, "response": {"predictions": [{"probabilities": [0.9, 0.1, 0]}]} """;

        bool[] Same(string file) => [.. GoldenReplay.Run(served, Parse(file)).Select(static r => r.Difference is null)];

        Same($$"""{"cases": [{ {{body}} }, { {{body}}, {{wide}} }]}""").Should().Equal(false, true);
        Same($$"""{ {{wide}}, "cases": [{ {{body}} }, { {{body}}, "tolerance": {} }]}""").Should().Equal(true, false);
    }

    [Theory]
    [InlineData("", "*JSON*")]
    [InlineData("{}", "*'cases'*")]
    [InlineData("""{"cases": []}""", "*no cases*")]
    [InlineData("""{"cases": [null]}""", "*null*")]
    [InlineData("""{"cases": [{"request": {}}]}""", "*'response'*")]
    [InlineData("""{"cases": [{"request": 1, "response": {}}]}""", "*1 of 1 needs a request and a response*")]
    [InlineData("""{"cases": [{"request": {}, "response": {}, "tolerances": {}}]}""", "*tolerances*")]
    [InlineData("""{"cases": [{"request": {}, "response": {}, "tolerance": {"absolute": -1}}]}""", "*negative*")]
    public void A_file_that_makes_no_sense_is_refused(string text, string why)
    {
        var act = () => Parse(text);

        act.Should().Throw<FailureException>().WithMessage(why).Which.Reason.Should().Be(TerminationReasons.InvalidGolden);
    }

    static void Compare(string request, string response, string? difference)
    {
        using var served = Served("iris/2");

        var result = GoldenReplay.Run(served, Parse($$"""{"cases": [{"request": {{request}}, "response": {{response}} }]}""")).Single();

        if (difference is null)
            result.Difference.Should().BeNull();
        else
            result.Difference.Should().Match(difference);
    }

    /// <summary>tests/Models/*/answers.json as a V2 exchange; what is no tensor is left out.</summary>
    static JsonObject Recorded(string model)
    {
        var recorded = JsonNode.Parse(File.ReadAllText(Path.Combine(TestModels.Folder(model), "answers.json")))!;
        JsonArray Tensors(string key) =>
        [
            .. recorded[key]!.AsObject().Where(static t => t.Value is JsonObject).Select(t => new JsonObject
            {
                ["name"] = t.Key,
                ["shape"] = t.Value!["shape"]!.DeepClone(),
                ["datatype"] = Datatype((string?)t.Value["dtype"]),
                ["data"] = t.Value["data"]!.DeepClone(),
            }),
        ];
        return new JsonObject
        {
            ["cases"] = new JsonArray(new JsonObject
            {
                ["name"] = "recorded",
                ["request"] = new JsonObject { ["inputs"] = Tensors("inputs") },
                ["response"] = new JsonObject { ["outputs"] = Tensors("outputs") },
            }),
        };
    }

    static string Datatype(string? numpy) => numpy switch { "float32" => "FP32", "int64" => "INT64", "object" => "BYTES", _ => numpy! };

    static ServedModel Served(string model) =>
        GoldenReplay.Alone(ModelLoader.Open(TestModels.File(model), new SessionSettings()), TimeProvider.System);

    static GoldenDocument Parse(string text)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-golden-");
        try
        {
            var file = Path.Combine(folder.FullName, "some.json");
            File.WriteAllText(file, text);
            return GoldenFile.Require(TestModels.File("iris/2"), file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
