using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sluice.Support.Models;

namespace Sluice.Benchmarks.Wire;

/// <summary>A program under load.</summary>
internal sealed class Server : IDisposable
{
    private readonly Process process;
    private readonly long spawned;

    private Server(Process process, long spawned, int port, int grpc, int admin) =>
        (this.process, this.spawned, Port, Grpc, Admin) = (process, spawned, port, grpc, admin);

    public static string Published { get; } = Path.Combine(TestModels.Root, "..", "..", "artifacts", "bin", "sluice-runtime");

    public int Port { get; }

    public int Grpc { get; }

    public int Admin { get; }

    /// <summary>From the start of the process until it was ready.</summary>
    public TimeSpan Start { get; private set; }

    /// <param name="answers">What to answer, see <see cref="EchoServer"/>.</param>
    /// <param name="settings">The runtime's settings of .NET as variables; none leaves .NET's own.</param>
    public static Task<Server> EchoAsync(HttpClient client, string answers, params (string Name, string Value)[] settings) =>
        SelfAsync(client, "echo", answers, settings);

    /// <param name="answer">A file, see <see cref="SocketLoop"/>.</param>
    public static Task<Server> LoopAsync(HttpClient client, string answer) => SelfAsync(client, "loop", answer, []);

    /// <summary>The published runtime when there is one, else the one built beside this program.</summary>
    public static Task<Server> RuntimeAsync(HttpClient client, params string[] more) =>
        ServeAsync(client, TestModels.File("iris/2"), "iris", more);

    /// <summary>The same with another model.</summary>
    public static async Task<Server> ServeAsync(HttpClient client, string model, string name, params string[] more)
    {
        var (http, grpc, admin) = (FreePort(), FreePort(), FreePort());
        var file = File.Exists(Published) ? Published : Path.Combine(AppContext.BaseDirectory, "sluice-runtime");
        var server = Run(
            Tool.OnCore(
                0,
                file,
                [
                    "serve", "--model", model, "--name", name, "--http", $"127.0.0.1:{http}",
                    "--grpc", $"127.0.0.1:{grpc}", "--admin", $"127.0.0.1:{admin}", "--drain-delay", "0", "--log-level", "Warning", .. more,
                ]),
            http, grpc, admin);
        await server.ReadyAsync(client, $"http://127.0.0.1:{admin}/readyz");
        return server;
    }

    /// <summary>A metric's value, summed over its series.</summary>
    public async Task<double> MetricAsync(HttpClient client, string name, string part = "")
    {
        var text = await client.GetStringAsync($"http://127.0.0.1:{Admin}/metrics");
        return text.Split('\n')
            .Where(l => l.StartsWith(name, StringComparison.Ordinal) && l.Contains(part, StringComparison.Ordinal))
            .Sum(l => double.Parse(l.AsSpan(l.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        if (process.HasExited)
            Console.Error.WriteLine($"The server had ended with exit code {process.ExitCode}.");
        else
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>This program as a server.</summary>
    private static async Task<Server> SelfAsync(HttpClient client, string mode, string answers, (string Name, string Value)[] settings)
    {
        var port = FreePort();
        var start = Tool.OnCore(0, Environment.ProcessPath!, mode, $"{port}", answers);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var server = Run(start, port, 0, 0);
        await server.ReadyAsync(client, $"http://127.0.0.1:{port}/");
        return server;
    }

    private static Server Run(ProcessStartInfo start, int port, int grpc, int admin)
    {
        var began = TimeProvider.System.GetTimestamp();
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var started = Process.Start(start)!;
        // A server that ends under load is the finding; its last words go to the person at the terminal.
        started.ErrorDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return new Server(started, began, port, grpc, admin);
    }

    private async Task ReadyAsync(HttpClient client, string url)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"The server ended with exit code {process.ExitCode} before it was ready.");
            try
            {
                using var response = await client.GetAsync(url);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    Start = TimeProvider.System.GetElapsedTime(spawned);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
        }
        throw new TimeoutException($"{url} is not ready.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
