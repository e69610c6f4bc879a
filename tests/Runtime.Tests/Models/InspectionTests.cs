using System.Text;
using System.Text.Json;
using Sluice.Contract;
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
    public void A_long_report_is_packed_into_a_termination_message_without_loss()
    {
        var report = Inspection.Of(TestModels.File("credit/1"), TimeProvider.System) with { Inputs = Columns(400) };

        var line = ModelReportLine.Of(report);

        Encoding.UTF8.GetByteCount(line).Should().BeLessThan(TerminationMessage.LimitBytes);
        ModelReportLine.TryParse(line).Should().BeEquivalentTo(report);
    }

    [Fact]
    public void Free_texts_go_before_columns_and_columns_only_when_they_must()
    {
        var report = Inspection.Of(TestModels.File("credit/1"), TimeProvider.System) with { Description = Hex(0, 6000), Inputs = Columns(300) };

        var wordy = ModelReportLine.TryParse(ModelReportLine.Of(report))!;
        var wide = ModelReportLine.TryParse(ModelReportLine.Of(report with { Inputs = Columns(2000, unlike: true) }))!;

        (wordy.Shortened, wordy.SignatureShortened, wordy.Inputs.Count).Should().Be((true, null, 300));
        (wide.Shortened, wide.SignatureShortened, wide.Sha256).Should().Be((true, true, report.Sha256));
        wide.Inputs.Should().NotBeEmpty().And.HaveCountLessThan(2000);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"reason":"NotFound","message":"x"}""")]
    [InlineData("""{"packed":"no base64"}""")]
    [InlineData("""{"packed":"AAAA"}""")]
    [InlineData("""{"packed":5}""")]
    public void What_is_no_report_is_not_read_as_one(string? text) => ModelReportLine.TryParse(text).Should().BeNull();

    private static ValueReport[] Columns(int count, bool unlike = false) =>
        [.. Enumerable.Range(0, count).Select(i => new ValueReport { Name = unlike ? Hex(i, 40) : $"column_{i}", Datatype = "FP32", Shape = [new(-1, "batch"), new(1)] })];

    /// <summary>Text that does not pack well.</summary>
    private static string Hex(int seed, int length)
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < length; i++)
            text.Append(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes((seed * 7919) + i))));
        return text.ToString(0, length);
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
