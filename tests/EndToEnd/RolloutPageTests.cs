using System.Text.RegularExpressions;
using Sluice.Support.Http;
using Sluice.Support.Programs;

namespace Sluice.EndToEnd;

/// <summary>docs/rollouts.md, done from the top to the bottom as it stands there, while users call.</summary>
public sealed partial class RolloutPageTests : IAsyncLifetime
{
    const string Image = "sluice/runtime:test";
    readonly string _folder = Directory.CreateTempSubdirectory("sluice-rollouts-").FullName;
    RunningProgram? _cluster;
    RunningProgram? _operator;

    string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public async Task InitializeAsync()
    {
        var state = Path.Combine(_folder, "state");
        _cluster = RunningProgram.Start(Checkout.Published("sluice-local"),
            ["up", "--port", "0", "--state", state, "--kubeconfig", Kubeconfig, "--image", $"{Image}={Checkout.Published("sluice-runtime")}"]);
        await _cluster.WaitForAsync("kubeconfig", TimeSpan.FromMinutes(1));
        _operator = RunningProgram.Start(Checkout.Published("sluice-operator"),
            ["run", "--kubeconfig", Kubeconfig, "--runtime-image", Image, "--metrics", "127.0.0.1:0"]);
        await ShellAsync("""
            kubectl apply --server-side -f crds/inferenceservices.yaml -f crds/modelversions.yaml
            kubectl wait --for=condition=Established --timeout=60s crd/inferenceservices.sluice.dev crd/modelversions.sluice.dev
            """);
        foreach (var model in Directory.EnumerateFiles(Checkout.Path("config", "samples", "models"), "*.onnx", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(state, "volumes", "default", "models", Path.GetRelativePath(Checkout.Path("config", "samples", "models"), model));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(model, copy);
        }
    }

    public async Task DisposeAsync()
    {
        if (_operator is not null) await _operator.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Everything_on_the_page_works_and_no_user_notices()
    {
        var blocks = Block().Matches(await File.ReadAllTextAsync(Checkout.Path("docs", "rollouts.md")));
        blocks.Should().HaveCountGreaterThan(10);
        await ShellAsync(blocks[0].Groups["text"].Value);
        var address = await ShellAsync("kubectl get service iris -o jsonpath='{.spec.clusterIP}'");
        await using var users = Users.Of(new Uri($"http://{address.Trim()}/v1/models/iris:predict"));
        foreach (var block in blocks.Skip(1))
        {
            var text = block.Groups["text"].Value;
            if (block.Groups["language"].Value == "sh")
                await ShellAsync(text);
            else
                await ShellAsync("kubectl apply -f -", Hastened(text));
        }
        (await ShellAsync("kubectl get inferenceservice iris -o jsonpath='{.status.conditions[?(@.type==\"Stalled\")].reason}'"))
            .Trim().Should().Be("GatewayApiMissing");
        var (answered, failures) = await users.LeaveAsync();
        failures.Should().BeEmpty();
        answered.Should().BePositive();
        Support.Measuring.Measured.Report("users' requests during docs/rollouts.md", $"{answered}, none failed");
    }

    /// <summary>What people wait minutes for, a test waits seconds for; everything else is as on the page.</summary>
    static string Hastened(string yaml) => Requests().Replace(Minutes().Replace(yaml, "for: 2s"), "minRequests: 20");

    async Task<string> ShellAsync(string script, string? input = null)
    {
        var path = $"{Path.GetDirectoryName(Checkout.Tool("kubectl"))}:{Environment.GetEnvironmentVariable("PATH")}";
        var (code, output) = await RunningProgram.RunAsync("bash", ["-euo", "pipefail", "-c", script],
            new Dictionary<string, string> { ["KUBECONFIG"] = Kubeconfig, ["HOME"] = _folder, ["PATH"] = path }, input, TimeSpan.FromMinutes(6));
        if (code != 0)
            Assert.Fail($"{script}\n{input}\n{output}\n{await StatusAsync(path)}\noperator:\n{_operator?.Output}");
        return output;
    }

    /// <summary>For the message of a failure.</summary>
    async Task<string> StatusAsync(string path) => (await RunningProgram.RunAsync(Checkout.Tool("kubectl"), ["get", "inferenceservice", "iris", "-o", "jsonpath={.status}"],
        new Dictionary<string, string> { ["KUBECONFIG"] = Kubeconfig, ["HOME"] = _folder, ["PATH"] = path })).Output;

    [GeneratedRegex("^```(?<language>sh|yaml)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"for: \d+m\b")]
    private static partial Regex Minutes();

    [GeneratedRegex(@"minRequests: \d+")]
    private static partial Regex Requests();
}
