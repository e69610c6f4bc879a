using System.CommandLine;

namespace Sluice.LocalCluster.Hosting;

/// <summary><c>sluice-local up</c>.</summary>
internal static class UpCommand
{
    public static Command Create(TimeProvider clock)
    {
        var port = new Option<int>("--port") { Description = "Port of the API on 127.0.0.1; 0 takes a free one", DefaultValueFactory = _ => 6443 };
        var state = new Option<string>("--state") { Description = "Folder of the cluster: logs, volumes, credentials", DefaultValueFactory = _ => DefaultState() };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "Where to write the kubeconfig (default: STATE/kubeconfig)" };
        var http = new Option<bool>("--http") { Description = "Plain HTTP with a token instead of HTTPS with a client certificate" };
        var images = new Option<string[]>("--image")
        {
            Description = "NAME=PATH: a program that stands for an image, or the folder that stands for one that is mounted as a volume; may be given several times",
            AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = _ => [],
        };
        images.Validators.Add(result =>
        {
            foreach (var bad in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
                result.AddError($"--image {bad.Value}: write NAME=PATH");
        });
        var command = new Command("up", "Run a Kubernetes API with the kinds that Sluice uses, and pods as processes, until Ctrl-C. " +
            "Rights (RBAC) are stored and not enforced: whoever has the kubeconfig may do everything. /debug/requests tells which rights clients used.")
        {
            port, state, kubeconfig, http, images,
        };
        command.SetAction((parsed, cancel) =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(state)!);
            var options = new ClusterOptions(
                parsed.GetValue(port), folder, Path.GetFullPath(parsed.GetValue(kubeconfig) ?? Path.Combine(folder, "kubeconfig")),
                parsed.GetValue(http), Images(parsed.GetValue(images)!));
            return RunAsync(options, clock, cancel);
        });
        return command;
    }

    static async Task<int> RunAsync(ClusterOptions options, TimeProvider clock, CancellationToken cancel)
    {
        using var logs = LoggerFactory.Create(log => log.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true));
        try
        {
            await using var cluster = await RunningCluster.StartAsync(options, clock, logs, cancel);
            Console.WriteLine($"Kubernetes API on {cluster.Address}");
            Console.WriteLine($"kubeconfig: {options.Kubeconfig}");
            Console.WriteLine($"  export KUBECONFIG={options.Kubeconfig}");
            await cluster.Components.WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C or SIGTERM.
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync($"sluice-local: {error.Message} (--port chooses another port, 0 any; --state another folder)");
            return 1;
        }

        return 0;
    }

    static Dictionary<string, string> Images(IEnumerable<string> pairs) => pairs
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => Path.GetFullPath(pair[1]), StringComparer.Ordinal);

    internal static string DefaultState() => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "sluice-local");
}
