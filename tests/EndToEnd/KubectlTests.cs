using System.Text.RegularExpressions;
using Sluice.Support.Programs;

namespace Sluice.EndToEnd;

/// <summary>What a person does to a service with the real kubectl, in one sitting; the transcript is kept for review.</summary>
public sealed partial class KubectlTests : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("sluice-kubectl-").FullName;
    readonly List<string> _transcript = [];
    RunningProgram? _cluster;
    RunningProgram? _operator;

    string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public async Task InitializeAsync()
    {
        const string image = "sluice/runtime:test";
        _cluster = RunningProgram.Start(Checkout.Published("sluice-local"),
            ["up", "--port", "0", "--state", Path.Combine(_folder, "state"), "--kubeconfig", Kubeconfig,
                "--image", $"{image}={Checkout.Published("sluice-runtime")}"]);
        await _cluster.WaitForAsync("kubeconfig", TimeSpan.FromMinutes(1));
        _operator = RunningProgram.Start(Checkout.Published("sluice-operator"),
            ["run", "--kubeconfig", Kubeconfig, "--runtime-image", image, "--metrics", "127.0.0.1:0"]);
        await KubectlAsync("apply --server-side -f crds/inferenceservices.yaml -f crds/modelversions.yaml");
        await KubectlAsync("wait --for=condition=Established --timeout=60s crd/inferenceservices.sluice.dev crd/modelversions.sluice.dev");
    }

    public async Task DisposeAsync()
    {
        Directory.CreateDirectory(Checkout.Path("artifacts", "test"));
        await File.WriteAllLinesAsync(Checkout.Path("artifacts", "test", "kubectl-transcript.txt"), _transcript);
        if (_operator is not null) await _operator.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_sitting_with_kubectl()
    {
        var models = "file://" + Checkout.Path("tests", "Models");

        // Applied by the client, as people do first.
        (await KubectlAsync("apply -f -", Version("iris-1", $"{models}/iris/1/model.onnx")))
            .Should().Contain("modelversion.sluice.dev/iris-1 created");
        await KubectlAsync("apply -f -", Version("iris-2", $"{models}/iris/2/model.onnx"));
        (await KubectlAsync("apply -f -", Service("iris-1", 2))).Should().Contain("inferenceservice.sluice.dev/iris created");
        (await KubectlAsync("apply -f -", Service("iris-1", 2))).Should().Contain("iris unchanged");
        (await KubectlAsync("wait --for=condition=Ready --timeout=120s inferenceservice/iris")).Should().Contain("condition met");

        // Looked at.
        var get = await KubectlAsync("get sis");
        Columns().IsMatch(get).Should().BeTrue(get);
        get.Should().Contain("iris-1").And.Contain("True");
        (await KubectlAsync("get modelversions")).Should().MatchRegex(@"NAME\s+MODEL\s+VERSION\s+DIGEST\s+SIZE\s+READY\s+AGE");
        var describe = await KubectlAsync("describe inferenceservice iris");
        describe.Should().Contain("Conditions:").And.Contain("Events:").And.MatchRegex(@"Normal\s+\w+");
        (await KubectlAsync("get inferenceservice iris -o jsonpath={.status.url}")).Should().StartWith("http://iris.");
        (await KubectlAsync("explain inferenceservice.spec.predictor.minReplicas")).Should().Contain("FIELD: minReplicas");
        (await KubectlAsync("get pods -l sluice.dev/inferenceservice=iris -o wide")).Should().Contain("1/1").And.Contain("Running");
        (await KubectlAsync("logs -l sluice.dev/inferenceservice=iris --tail=20")).Should().NotBeEmpty();

        // Watched while it changes.
        await using var watch = RunningProgram.Start(Checkout.Tool("kubectl"), ["get", "inferenceservice", "iris", "-w"],
            new Dictionary<string, string> { ["KUBECONFIG"] = Kubeconfig });
        await watch.WaitForAsync("iris-1", TimeSpan.FromSeconds(30));
        await KubectlAsync("patch inferenceservice iris --type merge -p {\"spec\":{\"predictor\":{\"model\":{\"version\":\"iris-2\"}}}}");
        (await KubectlAsync("wait --for=condition=Promoted --timeout=120s inferenceservice/iris")).Should().Contain("condition met");
        (await KubectlAsync("wait --for=jsonpath={.status.stable.version}=iris-2 --timeout=120s inferenceservice/iris"))
            .Should().Contain("condition met");
        await watch.WaitForAsync("iris-2", TimeSpan.FromSeconds(30));

        // Edited on the server's side, and a mistake met at the door.
        (await KubectlAsync("apply --server-side --force-conflicts --field-manager=me -f -", Service("iris-2", 2))).Should().Contain("serverside-applied");
        (await KubectlFailsAsync("apply -f -", Service("iris-2", 2).Replace("minReplicas", "minReplica", StringComparison.Ordinal)))
            .Should().Contain("unknown field \"spec.predictor.minReplica\"");

        // A pod's process is killed and comes back.
        var revision = await KubectlAsync("get inferenceservice iris -o jsonpath={.status.stable.revision}");
        var pod = (await KubectlAsync($"get pods -l sluice.dev/revision={revision.Trim()} -o jsonpath={{.items[0].metadata.name}}")).Trim();
        await KillProcessOfAsync(pod);
        (await KubectlAsync($"wait --for=jsonpath={{.status.containerStatuses[0].restartCount}}=1 --timeout=60s pod/{pod}"))
            .Should().Contain("condition met");
        await KubectlAsync($"wait --for=condition=Ready --timeout=60s pod/{pod}");

        // Gone with all its children.
        (await KubectlAsync("delete inferenceservice iris")).Should().Contain("deleted");
        await KubectlAsync("wait --for=delete deployment,service,pod -l sluice.dev/inferenceservice=iris --timeout=120s");
        (await KubectlAsync("get deployments,pods -l sluice.dev/inferenceservice=iris")).Should().Contain("No resources found");
    }

    /// <summary>The runtime's process of a pod, found by the revision that it was started for, killed as the kernel would.</summary>
    static async Task KillProcessOfAsync(string pod)
    {
        var found = Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .Where(folder => Environment(folder).Contains("HOSTNAME=" + pod + "\0", StringComparison.Ordinal)
                && CommandLine(folder).Contains("sluice-runtime\0serve", StringComparison.Ordinal))
            .Select(Path.GetFileName).ToList();
        found.Should().NotBeEmpty($"pod {pod} runs as a process on this machine");
        foreach (var id in found) await RunningProgram.RunAsync("kill", ["-KILL", id!]);
    }

    static string Environment(string process) => Read(Path.Combine(process, "environ"));

    static string CommandLine(string process) => Read(Path.Combine(process, "cmdline"));

    static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    async Task<string> KubectlAsync(string command, string? input = null)
    {
        var (code, output) = await RunAsync(command, input);
        code.Should().Be(0, $"kubectl {command}\n{output}\noperator:\n{_operator?.Output}");
        return output;
    }

    async Task<string> KubectlFailsAsync(string command, string? input = null)
    {
        var (code, output) = await RunAsync(command, input);
        code.Should().NotBe(0, $"kubectl {command}\n{output}");
        return output;
    }

    async Task<(int Code, string Output)> RunAsync(string command, string? input)
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Tool("kubectl"), command.Split(' '),
            new Dictionary<string, string> { ["KUBECONFIG"] = Kubeconfig, ["HOME"] = _folder }, input, TimeSpan.FromMinutes(3));
        _transcript.Add($"$ kubectl {command}\n{output}");
        return (code, output);
    }

    static string Version(string name, string uri) => $$"""
        apiVersion: sluice.dev/v1alpha1
        kind: ModelVersion
        metadata: {name: {{name}}}
        spec: {model: iris, version: "{{name[^1]}}", format: {name: onnx}, storageUri: "{{uri}}"}
        """;

    static string Service(string version, int replicas) => $$"""
        apiVersion: sluice.dev/v1alpha1
        kind: InferenceService
        metadata: {name: iris}
        spec:
          predictor:
            model: {version: {{version}}}
            minReplicas: {{replicas}}
        """;

    [GeneratedRegex(@"NAME\s+URL\s+READY\s+STABLE\s+CANDIDATE\s+STAGE\s+WEIGHT\s+AGE")]
    private static partial Regex Columns();
}
