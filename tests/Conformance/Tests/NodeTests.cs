using System.Text.Json;
using Sluice.Conformance.World;
using Sluice.Support.Measuring;
using Sluice.Support.Models;
using Sluice.Support.Programs;

namespace Sluice.Conformance.Tests;

/// <summary>
/// The published program and onnxruntime-node, which somebody else wrote around the same library, give the same bits for
/// the same inputs: nothing is lost or reordered on the way in or out.
/// </summary>
public sealed class NodeTests
{
    const int Seed = 20260101;

    /// <summary>Name, file, shapes as JSON, outputs; onnxruntime-node cannot return the credit model's maps.</summary>
    static readonly (string Name, string File, string Shapes, string? Outputs)[] Models =
    [
        ("iris", TestModels.File("iris/2"), """[{"*":[1,4]},{"*":[33,4]},{"*":[0,4]}]""", null),
        ("forest", TestModels.File("forest/1"), """[{"*":[1,4]},{"*":[500,4]}]""", null),
        ("types", TestModels.File("types/1"), """[{"*":[1,2]},{"*":[257,2]},{"*":[0,2]}]""", null),
        ("text", TestModels.File("text/1"), """[{"*":[1]},{"*":[100]},{"*":[0]}]""", null),
        ("nan", TestModels.File("nan/1"), """[{"*":[64,4]}]""", null),
        ("credit", TestModels.File("credit/1"), """[{"*":[1,1]},{"*":[50,1]}]""", """["label"]"""),
        ("detect", Ocr("ch_PP-OCRv4_det_infer"), """[{"*":[1,3,96,96]},{"*":[1,3,160,224]}]""", null),
        ("recognize", Ocr("ch_PP-OCRv4_rec_infer"), """[{"*":[1,3,48,128]},{"*":[2,3,48,64]}]""", null),
        ("turned", Ocr("ch_ppocr_mobile_v2.0_cls_infer"), """[{"*":[1,3,48,192]},{"*":[3,3,48,192]}]""", null),
    ];

    [Fact]
    public async Task The_same_inputs_give_the_same_bits_as_from_Node_js()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync(Models.Select(m => (m.Name, m.File)));
        var models = Models.Select(m =>
            $$"""{"name":"{{m.Name}}","file":"{{m.File}}","shapes":{{m.Shapes}}{{(m.Outputs is null ? "" : $",\"outputs\":{m.Outputs}")}}}""");

        var (code, output) = await RunningProgram.RunAsync(
            "node",
            [Checkout.Path("tests", "Conformance", "node", "compare.mjs"), runtime.Http.ToString(), $"{Seed}"],
            input: $"[{string.Join(',', models)}]",
            limit: TimeSpan.FromMinutes(5));

        code.Should().Be(0, output);
        var lines = output.Split('\n').Where(l => l.StartsWith('{')).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        lines.Should().HaveCount(Models.Sum(m => m.Shapes.Split("},{").Length), output);
        lines.Should().OnlyContain(l => l.GetProperty("difference").ValueKind == JsonValueKind.Null, output);
        lines.Sum(l => l.GetProperty("outputs").GetInt32()).Should().BeGreaterThan(lines.Count);
        Measured.Report(
            "bit-equal to onnxruntime-node",
            $"{lines.Count} runs of {Models.Length} models, {lines.Sum(l => l.GetProperty("bytes").GetInt64())} bytes of outputs");
        await runtime.StopAsync();
    }

    static string Ocr(string name) =>
        Checkout.Path("tests", "Conformance", "node", "node_modules", "@gutenye", "ocr-models", "assets", name + ".onnx");
}
