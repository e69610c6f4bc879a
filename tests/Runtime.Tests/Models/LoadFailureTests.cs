using Sluice.Contract;
using Sluice.Onnx;
using Sluice.Runtime.Models;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Models;

public sealed class LoadFailureTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-load").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1", "git lfs pull")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("PK\u0003\u0004abc", "torch.onnx.export")]
    [InlineData("{\"learner\":1}", "JSON")]
    [InlineData("\u0008\u0008garbage that is no protobuf", "cut off, damaged")]
    public void Another_format_is_recognised(string content, string message)
    {
        var file = Path.Combine(folder, "model.onnx");
        File.WriteAllText(file, content);

        Failure(file).Should().Match<FailureException>(e => e.Reason == TerminationReasons.CorruptModel && e.Message.Contains(message));
    }

    [Fact]
    public void Half_a_model_is_corrupt() =>
        Failure(TestModels.File("broken/1")).Reason.Should().Be(TerminationReasons.CorruptModel);

    [Fact]
    public void An_unknown_operator_is_unsupported()
    {
        var file = new OnnxWriter().Opset("com.example", 1)
            .Input("x", OnnxTypes.Tensor(1, 1)).Output("y", OnnxTypes.Tensor(1, 1))
            .Node("Frobnicate", ["x"], ["y"], "com.example").Save(folder);

        Failure(file).Should().Match<FailureException>(
            e => e.Reason == TerminationReasons.UnsupportedOperator && e.Message.Contains("Frobnicate") && !e.Message.Contains(folder));
    }

    [Fact]
    public async Task A_server_of_a_broken_model_does_not_start()
    {
        var starting = () => TestRuntime.StartAsync("broken/1");

        (await starting.Should().ThrowAsync<FailureException>()).Which.Reason.Should().Be(TerminationReasons.CorruptModel);
    }

    private static FailureException Failure(string file) =>
        ((Action)(() => ModelLoader.Open(file, new SessionSettings()).Dispose())).Should().Throw<FailureException>().Which;
}
