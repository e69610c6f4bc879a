using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Support.Programs;

namespace Sluice.EndToEnd;

/// <summary>The files that `make publish` writes: trimming can break what the build does not show.</summary>
public sealed class PublishedFileTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("sluice-operator")]
    [InlineData("sluice-runtime")]
    [InlineData("sluice-local")]
    [InlineData("kubectl-sluice")]
    public async Task Every_program_says_its_version_and_its_commands(string program)
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Published(program), ["--version"]);
        (code, output.Trim()).Should().Be((0, "0.1.0"));

        var (helpCode, help) = await RunningProgram.RunAsync(Checkout.Published(program), ["--help"]);
        helpCode.Should().Be(0);
        help.Should().Contain("Usage:").And.Contain("Commands:");
    }

    [Fact]
    public async Task The_runtime_serves_a_model_and_leaves_on_SIGTERM()
    {
        var (http, grpc, admin) = (LoopbackPort.Free(), LoopbackPort.Free(), LoopbackPort.Free());
        await using var runtime = RunningProgram.Start(Checkout.Published("sluice-runtime"),
            ["serve", "--model", Model("iris/2/model.onnx"), "--name", "iris", "--http", Local(http), "--grpc", Local(grpc),
                "--admin", Local(admin), "--drain-delay", "0s"]);
        using var client = new HttpClient(new SocketsHttpHandler());
        await ReadyAsync(runtime, client, $"http://{Local(admin)}/readyz");

        using var body = new StringContent("""{"instances": [[5.1, 3.5, 1.4, 0.2]]}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync($"http://{Local(http)}/v1/models/iris:predict", body);
        var text = await answer.Content.ReadAsStringAsync();
        ((int?)JsonNode.Parse(text)!["predictions"]![0]!["label"]).Should().Be(0, text);
        (await client.GetStringAsync($"http://{Local(admin)}/metrics")).Should().Contain("sluice_requests_total{");

        await runtime.SignalAsync("TERM");
        (await runtime.ExitAsync(Patience)).Should().Be(0, runtime.Output);
    }

    [Fact]
    public async Task The_runtime_inspects_a_model()
    {
        var (code, output) = await RunningProgram.RunAsync(
            Checkout.Published("sluice-runtime"), ["inspect", Model("credit/1/model.onnx")]);

        code.Should().Be(0, output);
        JsonNode.Parse(output)!["inputs"]!.AsArray().Select(input => (string?)input!["name"])
            .Should().Contain(["income", "credit_history"]);
    }

    [Fact]
    public async Task A_truncated_model_ends_the_runtime_with_the_reason()
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Published("sluice-runtime"),
            ["serve", "--model", Model("broken/1/model.onnx"), "--name", "broken", "--http", Local(LoopbackPort.Free()),
                "--grpc", Local(LoopbackPort.Free()), "--admin", Local(LoopbackPort.Free())]);

        code.Should().NotBe(0);
        output.Should().Contain("CorruptModel").And.Contain("model.onnx");
    }

    [Fact]
    public async Task The_operator_that_cannot_reach_a_cluster_says_which_and_why()
    {
        var kubeconfig = Path.GetTempFileName();
        try
        {
            var (code, output) = await RunningProgram.RunAsync(
                Checkout.Published("sluice-operator"), ["run", "--kubeconfig", kubeconfig, "--runtime-image", "x"]);
            code.Should().NotBe(0);
            output.Should().Contain(kubeconfig);
        }
        finally
        {
            File.Delete(kubeconfig);
        }
    }

    static async Task ReadyAsync(RunningProgram runtime, HttpClient client, string address)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            try
            {
                using var answer = await client.GetAsync(address);
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        throw new TimeoutException($"{address} was not ready within {Patience}:\n{runtime.Output}");
    }

    static string Model(string path) => Checkout.Path("tests", "Models", path);

    static string Local(int port) => "127.0.0.1:" + port.ToString(CultureInfo.InvariantCulture);
}
