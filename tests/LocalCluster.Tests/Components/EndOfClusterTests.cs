using System.Globalization;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Tests.Kubelet;
using Sluice.Support.Programs;
using Sluice.Support;

namespace Sluice.LocalCluster.Tests.Components;

/// <summary>The program itself, and how it ends.</summary>
public sealed class EndOfClusterTests
{
    private const string PodYaml =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec: {containers: [{name: main, image: server}]}
        """;

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task No_process_of_a_pod_outlives_the_cluster(string signal)
    {
        using var folder = new TempFolder();
        var server = folder.Script("server", "sleep 1000 & echo $! > $HOME/../child; wait");
        var kubeconfig = folder.File("kubeconfig");
        await using var cluster = RunningProgram.Start("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "sluice-local.dll"), "up", "--port", "0", "--state", folder.File("state"),
            "--kubeconfig", kubeconfig, "--image", $"server={server}",
        ]);
        await cluster.WaitForAsync("kubeconfig:", TimeSpan.FromMinutes(1));
        var (code, output) = await RunningProgram.RunAsync("kubectl", ["--kubeconfig", kubeconfig, "apply", "-f", "-"], input: PodYaml);
        code.Should().Be(0, output);
        using var client = new KubeClient(KubeConfig.Load(kubeconfig));
        Pod? pod = null;
        await Eventually.TrueAsync(async () => (pod = await client.FindAsync<Pod>(new ObjectKey("default", "p")))?.Status?.IsReady == true, "ready");
        var main = pod!.Status!.ContainerStatuses![0].ContainerID!["process://".Length..];
        var note = folder.File($"state/pods/{pod.Metadata.Uid}/main/child");
        await Eventually.TrueAsync(() => File.Exists(note) && File.ReadAllText(note).EndsWith('\n'), "the child runs");
        var child = (await File.ReadAllTextAsync(note)).Trim();

        await cluster.SignalAsync(signal);
        await cluster.ExitAsync(TimeSpan.FromMinutes(1));

        await Eventually.TrueAsync(() => IsGone(main) && IsGone(child), "the process and its child are gone");
    }

    private static bool IsGone(string pid)
    {
        int.Parse(pid, CultureInfo.InvariantCulture).Should().BePositive();
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
