using Sluice.Onnx;
using Sluice.Runtime.Batching;
using Sluice.Runtime.Models;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Batching;

public sealed class BatchTrialTests : IDisposable
{
    private const int Float = 1, Text = 8;

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-trial").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Rows_that_answer_for_themselves_are_joined_when_time_is_gained() =>
        Try(Rows().Node("Neg", ["x"], ["y"]), out _).Should().Be(new BatchPlan(32, ModelCall.Huge));

    [Fact]
    public void A_row_whose_answer_depends_on_the_others_is_never_joined()
    {
        Try(Rows().Node("Softmax", ["x"], ["y"], "", OnnxWriter.IntAttribute("axis", 0)), out var obstacle).Should().BeNull();

        obstacle.Should().Be("output \"y\" of a row depends on the other rows of its run");
    }

    [Fact]
    public void A_model_that_is_quantized_by_the_rows_of_its_run_is_never_joined()
    {
        var quantized = Rows().Node("DynamicQuantizeLinear", ["x"], ["q", "scale", "zero"]).Node("DequantizeLinear", ["q", "scale", "zero"], ["y"]);

        Try(quantized, out var obstacle).Should().BeNull();

        obstacle.Should().Be("output \"y\" of a row depends on the other rows of its run");
    }

    [Fact]
    public void A_model_that_runs_one_row_only_says_what_happened_with_two()
    {
        var oneRow = Rows().Longs("first", [1], 0).Node("Squeeze", ["x", "first"], ["row"]).Node("Unsqueeze", ["row", "first"], ["rows"]);

        Try(FirstOf(oneRow, "rows"), out var obstacle).Should().BeNull();

        obstacle.Should().StartWith("rows cannot be run together: ").And.Contain("Squeeze");
    }

    [Fact]
    public void A_model_that_drops_rows_is_not_joined()
    {
        Try(FirstOf(Rows(), "x"), out var obstacle).Should().BeNull();

        obstacle.Should().Be("rows cannot be run together: Output \"y\" of 2 rows together has shape [1, 4].");
    }

    [Fact]
    public void What_a_model_says_of_itself_may_rule_it_out()
    {
        Refusal(new OnnxWriter().Input("x", OnnxTypes.Tensor(Float, 1, 4)).Output("y", OnnxTypes.Tensor(Float, 1, 4)).Node("Neg", ["x"], ["y"]))
            .Should().Be("the first dimension of input \"x\" does not vary");
        Refusal(new OnnxWriter().Input("x", OnnxTypes.Tensor(Text, "n", 1)).Output("y", OnnxTypes.Tensor(Text, "n", 1)).Node("Identity", ["x"], ["y"]))
            .Should().Be("input \"x\" holds texts; tensors of numbers can be joined");
        Refusal(new OnnxWriter().Input("x", OnnxTypes.Tensor(Float)).Output("y", OnnxTypes.Tensor(Float)).Node("Neg", ["x"], ["y"]))
            .Should().Be("the first dimension of input \"x\" does not vary");

        string Refusal(OnnxWriter model)
        {
            Try(model, out var obstacle).Should().BeNull();
            return obstacle;
        }
    }

    private static OnnxWriter Rows() =>
        new OnnxWriter().Input("x", OnnxTypes.Tensor(Float, "n", 4)).Output("y", OnnxTypes.Tensor(Float, "m", 4));

    /// <summary>Makes y of the first row, which shape inference does not foresee.</summary>
    private static OnnxWriter FirstOf(OnnxWriter model, string rows) => model
        .Floats("one", [1], 1).Node("Cast", ["one"], ["kept"], "", OnnxWriter.IntAttribute("to", 9))
        .Node("Compress", [rows, "kept"], ["y"], "", OnnxWriter.IntAttribute("axis", 0));

    private BatchPlan? Try(OnnxWriter model, out string obstacle)
    {
        using var session = OnnxSession.Load(model.Save(folder), new SessionSettings());
        return new BatchTrial(session, sides: 1, new BatchSettings(32, TimeSpan.FromMilliseconds(5)), new EvenTime()).Run(out obstacle);
    }

    /// <summary>Every run takes a millisecond, of however many rows.</summary>
    private sealed class EvenTime : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => now++;
    }
}
