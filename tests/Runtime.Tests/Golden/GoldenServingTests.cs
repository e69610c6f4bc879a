using Sluice.Contract;
using Sluice.Runtime.Models;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Golden;

/// <summary>Golden answers are given before a model is Ready, and when it is inspected.</summary>
public sealed class GoldenServingTests : IDisposable
{
    private const string Right = """{"cases": [{"request": {"instances": [[5.1, 3.5, 1.4, 0.2]]}, "response": {"predictions": [{"label": 0}]}}]}""";
    private const string Wrong = """{"cases": [{"request": {"instances": [[5.1, 3.5, 1.4, 0.2]]}, "response": {"predictions": [{"label": 1}]}}]}""";

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-golden-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_model_that_answers_as_it_must_serves_and_its_replay_is_not_counted()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", adjust: s => s with { Golden = Write("golden.json", Right) });

        runtime.Server.State.Catalog.AllReady.Should().BeTrue();
        var served = runtime.Server.State.Catalog.All.Single().Default!.Served!;
        using var client = new HttpClient(new SocketsHttpHandler());
        var metrics = await client.GetStringAsync(new Uri(runtime.Server.Admin, "metrics"));
        metrics.Should().NotContain($"sluice_requests_total{{model=\"{served.Name}\"");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_model_that_does_not_is_neither_served_nor_taken_for_inspected(bool beside)
    {
        var model = beside ? Beside("golden.json", Wrong) : TestModels.Folder("iris/2");
        var golden = beside ? null : Write("golden.json", Wrong);

        var serve = () => TestRuntime.StartAsync(model, "iris", s => s with { Golden = golden });
        var inspect = () => Inspection.Of(model, TimeProvider.System, golden);

        (await serve.Should().ThrowAsync<FailureException>()).Which.Reason.Should().Be(TerminationReasons.GoldenMismatch);
        inspect.Should().Throw<FailureException>().WithMessage("Golden case 1 of 1: predictions[0].label is 0, expected 1.")
            .Which.Reason.Should().Be(TerminationReasons.GoldenMismatch);
    }

    [Fact]
    public async Task A_ConfigMap_that_is_gone_does_not_close_the_way_back_but_is_no_verification()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", adjust: s => s with { Golden = folder });
        runtime.Server.State.Catalog.AllReady.Should().BeTrue();

        var inspect = () => Inspection.Of(TestModels.Folder("iris/2"), TimeProvider.System, folder);

        inspect.Should().Throw<FailureException>().WithMessage("*ConfigMap*golden.json*").Which.Reason.Should().Be(TerminationReasons.GoldenMissing);
    }

    [Fact]
    public async Task A_ConfigMap_with_another_key_is_named()
    {
        Write("answers.json", Right);

        var serve = () => TestRuntime.StartAsync("iris/2", adjust: s => s with { Golden = folder });

        (await serve.Should().ThrowAsync<FailureException>()).WithMessage("*must be called golden.json; it holds answers.json.")
            .Which.Reason.Should().Be(TerminationReasons.GoldenMissing);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>A folder with the model and the file.</summary>
    private string Beside(string name, string text)
    {
        Write(name, text);
        File.Copy(TestModels.File("iris/2"), Path.Combine(folder, "model.onnx"));
        return folder;
    }
}
