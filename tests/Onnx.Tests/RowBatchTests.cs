using Sluice.Support.Models;

namespace Sluice.Onnx.Tests;

public sealed class RowBatchTests : IDisposable
{
    private const int Float = 1;

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-rows").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Frames_that_run_together_have_what_each_would_have_by_itself()
    {
        using var session = Linear();
        using var batch = new RowBatch(session);
        float[][] rows = [[1, 2], [3, 4, 5, 6], [7, 8]];
        var frames = rows.Select(r => Frame(session, r)).ToList();

        batch.Run(frames);

        frames.Select(f => Numbers(f.Outputs[0])).Should().BeEquivalentTo<double[]>([[3, 6], [7, 14, 11, 22], [15, 30]], o => o.WithStrictOrdering());
        frames[1].Outputs[0].Shape.ToArray().Should().Equal(2, 2);
        frames[1].Outputs[1].Shape.ToArray().Should().Equal(2, 1);
        frames.ForEach(f => f.Dispose());
    }

    [Fact]
    public void It_can_be_used_again_with_others_and_for_one_output_alone()
    {
        using var session = Linear();
        using var batch = new RowBatch(session);
        using var first = Frame(session, [1, 2]);
        using var second = Frame(session, [3, 4]);
        batch.Run([first, second]);
        first.Clear();
        second.Clear();
        Fill(first, [5, 6]);
        Fill(second, [7, 8, 9, 10]);
        first.Want(1);
        second.Want(1);

        batch.Run([second, first]);

        Numbers(first.Outputs[1]).Should().Equal(11);
        Numbers(second.Outputs[1]).Should().Equal(15, 19);
    }

    [Fact]
    public void A_model_that_folds_its_rows_cannot_be_dealt_out()
    {
        var file = new OnnxWriter()
            .Input("x", OnnxTypes.Tensor(Float, "n", 2)).Output("y", OnnxTypes.Tensor(Float, "m", 2))
            .Longs("axes", [1], 0).Node("ReduceSum", ["x", "axes"], ["y"]).Save(folder);
        using var session = OnnxSession.Load(file, new SessionSettings());
        using var batch = new RowBatch(session);
        using var first = Frame(session, [1, 2]);
        using var second = Frame(session, [3, 4]);

        var running = () => batch.Run([first, second]);

        running.Should().Throw<RowsLostException>().WithMessage("Output \"y\" of 2 rows together has shape [1, 2].");
    }

    [Fact]
    public void The_run_ends_when_nobody_waits_for_any_of_its_frames_and_not_before()
    {
        using var session = Linear();
        using var batch = new RowBatch(session);
        using var first = Frame(session, [1, 2]);
        using var second = Frame(session, [3, 4]);
        first.Terminate();

        batch.Run([first, second]);
        second.Terminate();
        var running = () => batch.Run([first, second]);

        running.Should().Throw<OperationCanceledException>();
        first.Clear();
        second.Clear();
        Fill(first, [1, 2]);
        Fill(second, [3, 4]);
        batch.Run([first, second]);
        Numbers(second.Outputs[1]).Should().Equal(7);
    }

    [Theory]
    [InlineData(new long[] { 3, 2 }, 3)]
    [InlineData(new long[] { 0, 2 }, 0)]
    [InlineData(new long[] { }, 0)]
    public void Rows_are_counted_by_the_first_dimension(long[] shape, long rows)
    {
        using var session = Linear();
        using var frame = session.NewFrame();
        frame.Inputs[0].Start();
        frame.Inputs[0].SetShape(shape);

        RowBatch.RowsOf(frame).Should().Be(rows);
    }

    [Fact]
    public void Frames_are_alike_when_only_their_rows_differ()
    {
        var file = new OnnxWriter()
            .Input("x", OnnxTypes.Tensor(Float, "n", "k")).Output("y", OnnxTypes.Tensor(Float, "n", "k")).Output("z", OnnxTypes.Tensor(Float, "n", "k"))
            .Node("Neg", ["x"], ["y"]).Node("Abs", ["x"], ["z"]).Save(folder);
        using var session = OnnxSession.Load(file, new SessionSettings());
        using var one = Frame(session, [1, 2], columns: 2);
        using var taller = Frame(session, [1, 2, 3, 4], columns: 2);
        using var wider = Frame(session, [1, 2, 3], columns: 3);
        using var choosy = Frame(session, [1, 2], columns: 2);
        choosy.Want(1);

        one.HasShapeOf(taller).Should().BeTrue();
        one.HasShapeOf(wider).Should().BeFalse();
        one.HasShapeOf(choosy).Should().BeFalse();
    }

    /// <summary>y = (a + b) · (1, 2) and z = a + b for each row (a, b).</summary>
    private OnnxSession Linear() => OnnxSession.Load(
        new OnnxWriter()
            .Input("x", OnnxTypes.Tensor(Float, "n", 2)).Output("y", OnnxTypes.Tensor(Float, "n", 2)).Output("z", OnnxTypes.Tensor(Float, "n", 1))
            .Floats("w", [2, 1], 1, 1).Floats("v", [1, 2], 1, 2)
            .Node("MatMul", ["x", "w"], ["z"]).Node("MatMul", ["z", "v"], ["y"]).Save(folder),
        new SessionSettings());

    private static RunFrame Frame(OnnxSession session, float[] values, int columns = 2)
    {
        var frame = session.NewFrame();
        Fill(frame, values, columns);
        return frame;
    }

    private static void Fill(RunFrame frame, float[] values, int columns = 2)
    {
        var slot = frame.Inputs[0];
        slot.Start();
        foreach (var value in values)
            slot.Append(value);
        slot.SetShape([values.Length / columns, columns]);
    }

    private static double[] Numbers(OnnxValue value) => [.. Enumerable.Range(0, (int)value.Count).Select(i => Values.Number(value, i))];
}
