using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sluice.Kubernetes.Client;
using Sluice.LocalCluster.Hosting;
using Sluice.LocalCluster.Tests.Kubelet;
using Sluice.Support;

namespace Sluice.LocalCluster.Tests.Components;

/// <summary>The API server and all components in this process, and the real kubectl beside them.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggerFactory _logs;
    private readonly ApiHost _api;
    private readonly Task _components;
    private readonly string _kubeconfig;

    private TestCluster(TempFolder folder, ApiHost api, string kubeconfig, ILoggerFactory logs, Dictionary<string, string> images)
    {
        (Folder, _api, _kubeconfig, _logs) = (folder, api, kubeconfig, logs);
        Client = new KubeClient(KubeConfig.Load(kubeconfig), new KubeClientOptions { MaxConnectionsPerServer = 512 });
        var components = new ClusterComponents(Client, new ComponentOptions
        {
            StateFolder = folder.File("state"),
            Images = images,
            Time = TimeProvider.System,
            Random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            Logging = logs,
        });
        _components = components.RunAsync(_stop.Token);
    }

    internal TempFolder Folder { get; }

    internal KubeClient Client { get; }

    /// <summary>Starts a cluster in which images <c>NAME</c> stand for shell scripts.</summary>
    internal static async Task<TestCluster> StartAsync(params (string Image, string Script)[] images)
    {
        var folder = new TempFolder();
        var programs = images.ToDictionary(i => i.Image, i => folder.Script(i.Image, i.Script));
        var kubeconfig = folder.File("kubeconfig");
        var level = Environment.GetEnvironmentVariable("TEST_LOG") is { } text ? Enum.Parse<LogLevel>(text) : LogLevel.None;
        var logs = LoggerFactory.Create(log => log.SetMinimumLevel(level).AddSimpleConsole(c => c.SingleLine = true));
        var options = new ClusterOptions(0, folder.File("state"), kubeconfig, Http: false, programs);
        var api = await ApiHost.StartAsync(options, TimeProvider.System, logs, CancellationToken.None);
        return new TestCluster(folder, api, kubeconfig, logs, programs);
    }

    /// <summary>Runs kubectl; throws with what it printed when it fails.</summary>
    internal async Task<string> KubectlAsync(string arguments, string? input = null)
    {
        var (code, output, error) = await TryKubectlAsync(arguments, input);
        return code == 0 ? output : throw new InvalidOperationException($"kubectl {arguments}: {error}{output}");
    }

    internal async Task<(int Code, string Output, string Error)> TryKubectlAsync(string arguments, string? input = null)
    {
        using var process = Process.Start(new ProcessStartInfo("kubectl", $"--kubeconfig {_kubeconfig} {arguments}")
        {
            UseShellExecute = false,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["HOME"] = Folder.Path },
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    internal Task<string> ApplyAsync(string yaml) => KubectlAsync("apply -f -", yaml);

    /// <summary>Waits until kubectl prints what is wanted; while it waits, components that have failed say why.</summary>
    internal Task UntilAsync(string arguments, Func<string, bool> wanted, string what, int seconds = 60) =>
        Eventually.TrueAsync(async () =>
        {
            if (_components.IsFaulted)
                await _components;
            var (_, output, error) = await TryKubectlAsync(arguments);
            return wanted(output + error);
        }, what, TimeSpan.FromSeconds(seconds));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _components;
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        Client.Dispose();
        await _api.DisposeAsync();
        _logs.Dispose();
        _stop.Dispose();
        Folder.Dispose();
    }
}
