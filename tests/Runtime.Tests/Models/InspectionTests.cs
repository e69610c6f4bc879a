using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Commands;
using Sluice.Runtime.Models;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Models;

public sealed class InspectionTests
{
    [Fact]
    public void A_model_is_reported_with_what_it_takes_and_gives()
    {
        var report = Inspection.Of(TestModels.File("credit/1"), TimeProvider.System);

        report.Sha256.Should().Be(Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(TestModels.File("credit/1")))));
        report.SizeBytes.Should().Be(1151);
        report.Opsets.Should().Contain("ai.onnx", 17).And.Contain("ai.onnx.ml", 3);
        report.IrVersion.Should().Be(8);
        report.Producer.Should().Be("sluice-fixtures");
        report.Inputs[0].Should().BeEquivalentTo(
            new ValueReport { Name = "income", Datatype = "FP32", Shape = [new(-1, "batch"), new(1)] });
        report.Outputs[1].OnnxType.Should().Be("seq(map(int64,tensor(float)))");
        var json = JsonSerializer.Serialize(report, ContractJson.Default.ModelReport);
        json.Should().Contain("""{"name":"income","datatype":"FP32","shape":["batch",1]}""");
        JsonSerializer.Deserialize(json, ContractJson.Default.ModelReport).Should().BeEquivalentTo(report);
    }

    [Fact]
    public void A_long_report_is_shortened_to_a_termination_message()
    {
        var report = Inspection.Of(TestModels.File("credit/1"), TimeProvider.System) with
        {
            Description = new string('ä', 5000),
            Inputs = [.. Enumerable.Range(0, 200).Select(i => new ValueReport { Name = $"column_{i}", Datatype = "FP32", Shape = [new(-1, "batch")] })],
        };

        var text = InspectCommand.Shortened(report);

        Encoding.UTF8.GetByteCount(text).Should().BeLessThan(TerminationMessage.LimitBytes);
        var shortened = JsonSerializer.Deserialize(text, ContractJson.Default.ModelReport)!;
        shortened.Shortened.Should().BeTrue();
        shortened.Inputs.Should().NotBeEmpty();
        shortened.Sha256.Should().Be(report.Sha256);
    }

    [Fact]
    public void A_termination_message_is_one_line_within_the_limit()
    {
        var line = new TerminationMessage("NotFound", "a\nb" + new string('ü', 10_000)).ToLine();

        Encoding.UTF8.GetByteCount(line).Should().BeLessThan(TerminationMessage.LimitBytes);
        line.Should().NotContain("\n");
        TerminationMessage.TryParse("some log\n" + line + "\n")!.Reason.Should().Be("NotFound");
        TerminationMessage.TryParse("panic: oh\n").Should().BeNull();
    }
}
