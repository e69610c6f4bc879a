using Sluice.Support.Models;

namespace Sluice.Onnx.Tests;

public sealed class SessionTests : IDisposable
{
    private const int Float = 1;

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-onnx").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_session_tells_its_inputs_outputs_and_metadata()
    {
        using var session = OnnxSession.Load(TestModels.File("credit/1"), new SessionSettings());

        session.Inputs.Select(i => i.Name).Should()
            .Equal("income", "age", "loan_amount", "employment_years", "credit_history");
        var history = session.Inputs[4].Type.Should().BeOfType<TensorType>().Subject;
        history.Element.Should().Be(ElementType.String);
        history.Shape!.Value.Should().Equal(new Dimension(-1, "batch"), new Dimension(1));
        session.Outputs[1].Type.ToString().Should().Be("seq(map(int64,tensor(float)))");
        session.Metadata.Producer.Should().Be("sluice-fixtures");
        session.Metadata.Version.Should().BeNull("the file sets none");
    }

    [Fact]
    public void Custom_metadata_and_version_are_read()
    {
        var file = Identity().Metadata("author", "someone").Metadata("classes", "[\"a\",\"ü\"]").Save(folder);

        using var session = OnnxSession.Load(file, new SessionSettings());

        session.Metadata.Version.Should().Be(7);
        session.Metadata.Custom.Should().Equal(
            new Dictionary<string, string> { ["author"] = "someone", ["classes"] = "[\"a\",\"ü\"]" });
    }

    [Theory]
    [InlineData("broken/1", OnnxErrorCode.InvalidProtobuf)]
    [InlineData("none", OnnxErrorCode.NoSuchFile)]
    public void A_model_that_cannot_be_loaded_says_why(string model, OnnxErrorCode code)
    {
        var loading = () => OnnxSession.Load(TestModels.File(model), new SessionSettings());

        loading.Should().Throw<OnnxException>().Where(e => e.Code == code);
    }

    [Fact]
    public void An_unknown_operator_is_named()
    {
        var file = new OnnxWriter().Opset("com.example", 1)
            .Input("x", OnnxTypes.Tensor(Float, 1)).Output("y", OnnxTypes.Tensor(Float, 1))
            .Node("Frobnicate", ["x"], ["y"], "com.example").Save(folder);

        var loading = () => OnnxSession.Load(file, new SessionSettings());

        loading.Should().Throw<OnnxException>().WithMessage("*Frobnicate*");
    }

    [Fact]
    public void A_string_keeps_its_NUL_and_its_bytes()
    {
        using var session = OnnxSession.Load(TestModels.File("text/1"), new SessionSettings());
        using var frame = session.NewFrame();
        byte[][] texts = [[0x61, 0, 0x62], [], [0xff, 0xfe, 0], "kötü"u8.ToArray()];

        // Twice: the second call reuses the tensor of the first and shorter texts must not keep an old end.
        for (var round = 0; round < 2; round++)
        {
            var slot = frame.Inputs[0];
            slot.Start();
            foreach (var text in texts)
                slot.AppendString(text);
            slot.SetShape([texts.Length]);
            frame.Run();
            for (var i = 0; i < texts.Length; i++)
                frame.Outputs[0].StringAt(i).ToArray().Should().Equal(texts[i]);
            frame.Clear();
            Array.Reverse(texts);
        }
    }

    [Fact]
    public void A_batch_of_none_is_answered_with_none()
    {
        using var session = OnnxSession.Load(TestModels.File("iris/2"), new SessionSettings());
        using var frame = session.NewFrame();
        Values.Floats(frame.Inputs[0], [0, 4]);

        frame.Run();

        frame.Outputs[1].Shape.ToArray().Should().Equal(0, 3);
        frame.Outputs[1].Count.Should().Be(0);
    }

    [Fact]
    public void Only_wanted_outputs_are_computed()
    {
        using var session = OnnxSession.Load(TestModels.File("iris/2"), new SessionSettings());
        using var frame = session.NewFrame();
        Values.Floats(frame.Inputs[0], [1, 4], 5.1f, 3.5f, 1.4f, 0.2f);
        frame.Want(1);

        frame.Run();

        frame.Outputs[0].Kind.Should().Be(ValueKind.None);
        frame.Outputs[1].Count.Should().Be(3);
    }

    [Fact]
    public void An_overridable_initializer_is_optional_and_replaceable()
    {
        var file = new OnnxWriter()
            .Input("x", OnnxTypes.Tensor(Float, 1)).Input("bias", OnnxTypes.Tensor(Float, 1))
            .Floats("bias", [1], 10).Output("y", OnnxTypes.Tensor(Float, 1)).Node("Add", ["x", "bias"], ["y"]).Save(folder);
        using var session = OnnxSession.Load(file, new SessionSettings());
        using var frame = session.NewFrame();
        session.OverridableInitializers.Should().ContainSingle().Which.Name.Should().Be("bias");
        frame.Inputs[1].Required.Should().BeFalse();

        Values.Floats(frame.Inputs[0], [1], 1);
        frame.Run();
        Values.Floats(frame.Outputs[0]).Should().Equal(11);
        frame.Clear();
        Values.Floats(frame.Inputs[0], [1], 1);
        Values.Floats(frame.Inputs[1], [1], 2);
        frame.Run();
        Values.Floats(frame.Outputs[0]).Should().Equal(3);
    }

    [Fact]
    public void A_sequence_of_tensors_is_read_item_by_item()
    {
        var file = new OnnxWriter().Input("x", OnnxTypes.Tensor(Float, "n"))
            .Output("parts", OnnxTypes.Sequence(OnnxTypes.Tensor(Float, "k")))
            .Node("SplitToSequence", ["x"], ["parts"]).Save(folder);
        using var session = OnnxSession.Load(file, new SessionSettings());
        using var frame = session.NewFrame();
        Values.Floats(frame.Inputs[0], [3], 1, 2, 3);

        frame.Run();

        frame.Outputs[0].Kind.Should().Be(ValueKind.Sequence);
        frame.Outputs[0].Count.Should().Be(3);
        using var item = frame.Outputs[0].Item(2);
        Values.Floats(item).Should().Equal(3);
    }

    [Fact]
    public void An_optional_without_a_value_has_none()
    {
        var type = OnnxTypes.Optional(OnnxTypes.Tensor(Float, "n"));
        var file = new OnnxWriter().Opset("", 18).Input("x", OnnxTypes.Tensor(Float, "n")).Output("o", type)
            .Output("y", OnnxTypes.Tensor(Float, "n"))
            .Node("Optional", [], ["o"], "", new ProtoBuilder().Text(1, "type").Bytes(14, OnnxTypes.Tensor(Float, "n")).Number(20, 13))
            .Node("Identity", ["x"], ["y"]).Save(folder);
        using var session = OnnxSession.Load(file, new SessionSettings());
        using var frame = session.NewFrame();
        Values.Floats(frame.Inputs[0], [1], 1);

        frame.Run();

        session.Outputs[0].Type.Should().BeOfType<OptionalType>();
        frame.Outputs[0].Kind.Should().Be(ValueKind.None);
    }

    [Fact]
    public void A_scalar_has_one_element_and_no_dimension()
    {
        var file = new OnnxWriter().Input("x", OnnxTypes.Tensor(Float)).Output("y", OnnxTypes.Tensor(Float))
            .Node("Neg", ["x"], ["y"]).Save(folder);
        using var session = OnnxSession.Load(file, new SessionSettings());
        using var frame = session.NewFrame();
        Values.Floats(frame.Inputs[0], [], 4);

        frame.Run();

        frame.Outputs[0].Shape.Length.Should().Be(0);
        Values.Floats(frame.Outputs[0]).Should().Equal(-4);
    }

    [Fact]
    public void Weights_beside_the_model_are_found()
    {
        File.WriteAllBytes(Path.Combine(folder, "weights.bin"), [.. new float[] { 5, 7 }.SelectMany(BitConverter.GetBytes)]);
        var file = new OnnxWriter().Input("x", OnnxTypes.Tensor(Float, 2)).External("w", [2], "weights.bin")
            .Output("y", OnnxTypes.Tensor(Float, 2)).Node("Mul", ["x", "w"], ["y"]).Save(folder);
        using var session = OnnxSession.Load(file, new SessionSettings());
        using var frame = session.NewFrame();
        Values.Floats(frame.Inputs[0], [2], 1, 2);

        frame.Run();

        Values.Floats(frame.Outputs[0]).Should().Equal(5, 14);
    }

    [Fact]
    public void A_wrong_shape_is_an_invalid_argument_and_leaves_the_session_usable()
    {
        using var session = OnnxSession.Load(TestModels.File("iris/2"), new SessionSettings());
        using var frame = session.NewFrame();
        Values.Floats(frame.Inputs[0], [1, 3], 1, 2, 3);

        frame.Invoking(f => f.Run()).Should().Throw<OnnxException>().Where(e => e.Code == OnnxErrorCode.InvalidArgument);

        frame.Clear();
        Values.Floats(frame.Inputs[0], [1, 4], 5.1f, 3.5f, 1.4f, 0.2f);
        frame.Run();
        frame.Outputs[0].Count.Should().Be(1);
    }

    [Fact]
    public async Task A_running_call_can_be_stopped_and_the_frame_used_again()
    {
        using var session = OnnxSession.Load(SlowModel.Save(folder), new SessionSettings());
        using var frame = session.NewFrame();
        Longs(frame.Inputs[0], 2_000_000_000);
        var running = Task.Run(() => frame.Run());
        while (!running.IsCompleted)
        {
            frame.Terminate();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        await running.Awaiting(r => r).Should().ThrowAsync<OperationCanceledException>();

        frame.Clear();
        Longs(frame.Inputs[0], 3);
        frame.Run();
        Values.Floats(frame.Outputs[0]).Should().Equal(3);
    }

    [Fact]
    public void A_session_disposed_under_a_frame_lives_until_the_frame_is_gone()
    {
        var session = OnnxSession.Load(TestModels.File("iris/2"), new SessionSettings());
        using var frame = session.NewFrame();
        session.Dispose();
        Values.Floats(frame.Inputs[0], [1, 4], 5.1f, 3.5f, 1.4f, 0.2f);

        frame.Run();

        frame.Outputs[0].Count.Should().Be(1);
        session.Invoking(s => s.NewFrame()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task Concurrent_calls_on_one_session_each_get_their_own_answer()
    {
        using var session = OnnxSession.Load(TestModels.File("nan/1"), new SessionSettings());
        await Parallel.ForAsync(0, 8, (worker, _) =>
        {
            using var frame = session.NewFrame();
            for (var i = 0; i < 2000; i++)
            {
                var value = worker * 10_000 + i;
                Values.Floats(frame.Inputs[0], [1, 4], value, 4, 9, 16);
                frame.Run();
                Values.Floats(frame.Outputs[0]).Should().Equal(MathF.Sqrt(value), 2, 3, 4);
                frame.Clear();
            }
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Steady_calls_allocate_nothing_on_the_managed_heap()
    {
        using var session = OnnxSession.Load(TestModels.File("iris/2"), new SessionSettings());
        using var frame = session.NewFrame();
        Call();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
            Call();

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);

        void Call()
        {
            var slot = frame.Inputs[0];
            slot.Start();
            for (var i = 0; i < 4; i++)
                slot.Append((float)i);
            slot.SetShape([1, 4]);
            frame.Run();
            frame.Clear();
        }
    }

    private static OnnxWriter Identity() => new OnnxWriter()
        .Input("x", OnnxTypes.Tensor(Float, 1)).Output("y", OnnxTypes.Tensor(Float, 1)).Node("Identity", ["x"], ["y"]);

    private static void Longs(InputSlot slot, long value)
    {
        slot.Start();
        slot.Append(value);
        slot.SetShape([]);
    }
}
