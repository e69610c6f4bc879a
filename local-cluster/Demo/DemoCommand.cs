using System.CommandLine;
using Sluice.Kubernetes.Client;
using Sluice.LocalCluster.Hosting;

namespace Sluice.LocalCluster.Demo;

/// <summary><c>sluice-local demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create(TimeProvider clock)
    {
        var once = new Option<bool>("--once") { Description = "End after the predictions instead of staying up" };
        var root = new Option<string>("--root") { Description = "The checkout, with crds/ and config/samples/", DefaultValueFactory = _ => "." };
        var state = new Option<string?>("--state") { Description = "Folder of the cluster (default: a new temporary one)" };
        var port = new Option<int>("--port") { Description = "Port of the API on 127.0.0.1; 0 takes a free one", DefaultValueFactory = _ => 0 };
        var command = new Command("demo", "Start a cluster and the operator, serve a model, send it data and print the predictions.")
        {
            once, root, state, port,
        };
        command.SetAction((parsed, cancel) =>
        {
            var options = new DemoOptions(
                Path.GetFullPath(parsed.GetValue(root)!),
                Path.GetDirectoryName(Environment.ProcessPath)!,
                Path.GetFullPath(parsed.GetValue(state) ?? Directory.CreateTempSubdirectory("sluice-demo-").FullName),
                parsed.GetValue(once));
            return RunAsync(options, parsed.GetValue(state) is null, parsed.GetValue(port), clock, cancel);
        });
        return command;
    }

    static async Task<int> RunAsync(DemoOptions options, bool temporary, int port, TimeProvider clock, CancellationToken cancel)
    {
        var progress = new Progress(Console.Out, !Console.IsOutputRedirected, clock);
        using var logs = LoggerFactory.Create(log => log.SetMinimumLevel(LogLevel.Error).AddSimpleConsole(console => console.SingleLine = true));
        try
        {
            if (options.Missing() is { } missing) throw new DemoFailure(missing);
            progress.Waiting("cluster", "the Kubernetes API starts");
            var cluster = new ClusterOptions(port, options.State, options.Kubeconfig, Http: false,
                new Dictionary<string, string> { [DemoOptions.RuntimeImage] = options.Runtime });
            await using var running = await RunningCluster.StartAsync(cluster, clock, logs, cancel);
            progress.Done("cluster", $"Kubernetes API on {running.Address}, pods as processes, state in {options.State}");
            await new Walkthrough(options, running.Client, progress, clock).RunAsync(cancel);
            return 0;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception failure) when (failure is DemoFailure or IOException or KubeApiException or HttpRequestException)
        {
            progress.Say($"sluice-local demo: {failure.Message}");
            return 1;
        }
        finally
        {
            if (temporary) Remove(options.State);
        }
    }

    static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
        {
            // A temporary folder that stays behind hurts nobody.
        }
    }
}
