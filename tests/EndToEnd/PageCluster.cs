using System.Text.RegularExpressions;
using Sluice.Support.Models;
using Sluice.Support.Programs;

namespace Sluice.EndToEnd;

/// <summary>One local cluster with the operator for all pages of docs/ that are executed, each in a namespace of its own.</summary>
public sealed partial class PageCluster : IAsyncLifetime
{
    const string Image = "sluice/runtime:test";
    readonly string _folder = Directory.CreateTempSubdirectory("sluice-pages-").FullName;
    RunningProgram? _cluster;
    RunningProgram? _operator;

    string State => Path.Combine(_folder, "state");

    string Administrator => Path.Combine(_folder, "kubeconfig");

    public async Task InitializeAsync()
    {
        _cluster = RunningProgram.Start(Checkout.Published("sluice-local"),
            ["up", "--port", "0", "--state", State, "--kubeconfig", Administrator, "--image", $"{Image}={Checkout.Published("sluice-runtime")}"]);
        await _cluster.WaitForAsync("kubeconfig", TimeSpan.FromMinutes(1));
        _operator = RunningProgram.Start(Checkout.Published("sluice-operator"),
            ["run", "--kubeconfig", Administrator, "--runtime-image", Image, "--metrics", "127.0.0.1:0"]);
        await RunAsync(Administrator, """
            kubectl apply --server-side -f crds/inferenceservices.yaml -f crds/modelversions.yaml
            kubectl wait --for=condition=Established --timeout=60s crd/inferenceservices.sluice.dev crd/modelversions.sluice.dev
            """);
    }

    public async Task DisposeAsync()
    {
        if (_operator is not null) await _operator.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A namespace with the samples' models in the claim "models", and a shell in it.</summary>
    public async Task<PageShell> OpenAsync(string ns)
    {
        var kubeconfig = Path.Combine(_folder, $"kubeconfig-{ns}");
        File.Copy(Administrator, kubeconfig);
        var shell = new PageShell(this, kubeconfig);
        await shell.RunAsync($"kubectl create namespace {ns}\nkubectl config set-context --current --namespace={ns}");
        SampleModels.PutIntoClaim(State, ns);
        return shell;
    }

    /// <summary>The sh and yaml blocks of a page, from the top to the bottom.</summary>
    public static async Task<IReadOnlyList<(bool IsYaml, string Text)>> BlocksAsync(string page) =>
        [.. Block().Matches(await File.ReadAllTextAsync(Checkout.Path("docs", page))).Select(static b => (b.Groups["language"].Value == "yaml", b.Groups["text"].Value))];

    /// <summary>What people wait minutes for, a test waits seconds for; everything else is as on the page.</summary>
    public static string Hastened(string yaml) => Requests().Replace(Minutes().Replace(yaml, "for: 2s"), "minRequests: 20");

    /// <summary>bash, with kubectl and what was published on the PATH; fails with everything that there is to say.</summary>
    internal async Task<string> RunAsync(string kubeconfig, string script, string? input = null)
    {
        var (code, output) = await TryAsync(kubeconfig, script, input);
        if (code != 0)
        {
            var (_, status) = await TryAsync(kubeconfig, "kubectl get inferenceservices,pods -o yaml", null);
            Assert.Fail($"{script}\n{input}\nended with {code}:\n{output}\n{status}\noperator:\n{_operator?.Output}");
        }

        return output;
    }

    Task<(int Code, string Output)> TryAsync(string kubeconfig, string script, string? input)
    {
        var tools = $"{Path.GetDirectoryName(Checkout.Tool("kubectl"))}:{Path.GetDirectoryName(Checkout.Published("kubectl-sluice"))}";
        return RunningProgram.RunAsync("bash", ["-euo", "pipefail", "-c", script],
            new Dictionary<string, string> { ["KUBECONFIG"] = kubeconfig, ["HOME"] = _folder, ["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}" },
            input, TimeSpan.FromMinutes(6));
    }

    [GeneratedRegex("^```(?<language>sh|yaml)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"for: \d+m\b")]
    private static partial Regex Minutes();

    [GeneratedRegex(@"minRequests: \d+")]
    private static partial Regex Requests();
}

/// <summary>A shell of one page.</summary>
public sealed class PageShell(PageCluster cluster, string kubeconfig)
{
    public string Kubeconfig { get; } = kubeconfig;

    public Task<string> RunAsync(string script, string? input = null) => cluster.RunAsync(Kubeconfig, script, input);

    /// <summary>A block of a page: commands are run, YAML is applied.</summary>
    public Task<string> DoAsync((bool IsYaml, string Text) block) =>
        block.IsYaml ? RunAsync("kubectl apply -f -", PageCluster.Hastened(block.Text)) : RunAsync(block.Text);
}

/// <summary>Pages take turns on the cluster.</summary>
[CollectionDefinition(Name)]
public sealed class Pages : ICollectionFixture<PageCluster>
{
    public const string Name = "pages";
}
