using System.CommandLine;
using Sluice.Contract;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Tracing;
using Sluice.Telemetry;

namespace Sluice.Runtime.Commands;

/// <summary>sluice-runtime serve.</summary>
internal static class ServeCommand
{
    private const string Program = "sluice-runtime";

    /// <summary>Of one metric that is exported; what models and callers bring stays far below.</summary>
    private const int MostSeries = 2_000;

    public static Command Create()
    {
        var model = Options.Text("--model", "Model file, folder with one, or folder of models (MODEL/VERSION/model.onnx).");
        var name = Options.Text("--name", "What requests call the model; by default its folder's name.");
        var version = Options.Text("--model-version", "What requests call its version; by default the folder's number, or 1.");
        var revision = Options.Text("--revision", "The revision that this pod belongs to.");
        var split = Options.Text("--split", "File that says how requests are shared out among revisions; without it all are answered here.");
        var golden = Options.Golden();
        var apiKeys = Options.Text("--api-keys", "Folder with the bearer keys of callers, a file for each; without it everybody may ask.");
        var http = Options.EndPoint("--http", "HOST:PORT for REST.", Ports.Http);
        var grpc = Options.EndPoint("--grpc", "HOST:PORT for gRPC.", Ports.Grpc);
        var admin = Options.EndPoint("--admin", "HOST:PORT for probes and metrics.", Ports.Admin);
        var drainDelay = Options.Duration(
            "--drain-delay", "How long to serve on, not ready, after SIGTERM.", TimeSpan.FromSeconds(5));
        var drainTimeout = Options.Duration(
            "--drain-timeout", "How long running requests may take after that.", TimeSpan.FromSeconds(20));
        var concurrency = Options.Number(
            "--concurrency", "Calls that run at a time; 0 divides the container's CPU limit by --intra-op-threads.", 0);
        var threads = Options.Number(
            "--intra-op-threads", "Threads that one call spreads over; 0 divides the container's CPU limit by --concurrency.", 0);
        var queue = Options.Number("--queue-limit", "Calls that may wait for a turn before others get 503.", 1000);
        var batch = new BatchOptions();
        var maxBody = Options.Size("--max-body", "Largest request body.", 64L << 20);
        var timeout = Options.Duration(
            "--request-timeout", "How long a request that names no timeout may wait and run; 0 is without end.", TimeSpan.FromSeconds(60));
        var connections = Options.Number("--max-connections", "Connections per port.", 10_000);
        var requestMetrics = Options.Switch("--request-metrics", "Count and time requests: on or off.", OnOff.On);
        var monitoring = new MonitorOptions();
        var payloads = new PayloadOptions();
        var terminationLog = Options.TerminationLog();
        var logLevel = Options.Text("--log-level", "Trace, Debug, Information, Warning or Error.");
        var command = new Command("serve", "Serves one or several models.")
        {
            model, name, version, revision, split, golden, apiKeys, http, grpc, admin, drainDelay, drainTimeout, concurrency, threads, queue,
            maxBody, timeout, requestMetrics, connections, terminationLog, logLevel,
        };
        batch.AddTo(command);
        monitoring.AddTo(command);
        payloads.AddTo(command);
        command.SetAction((result, _) => Termination.GuardAsync(
            result.GetValue(terminationLog),
            () => RunAsync(
                new ServeSettings
                {
                    Model = Options.Given(result.GetValue(model), "--model"),
                    Name = result.GetValue(name),
                    ModelVersion = result.GetValue(version),
                    Revision = result.GetValue(revision) ?? string.Empty,
                    Split = SplitPath(result.GetValue(split), result.GetValue(revision)),
                    Golden = result.GetValue(golden),
                    ApiKeys = result.GetValue(apiKeys),
                    Http = result.GetValue(http)!,
                    Grpc = result.GetValue(grpc)!,
                    Admin = result.GetValue(admin)!,
                    DrainDelay = result.GetValue(drainDelay),
                    DrainTimeout = result.GetValue(drainTimeout),
                    Concurrency = result.GetValue(concurrency),
                    IntraOpThreads = result.GetValue(threads),
                    OnEventThread = EventThread.Take(),
                    QueueLimit = result.GetValue(queue),
                    Batching = batch.Read(result),
                    MaxBody = result.GetValue(maxBody),
                    RequestTimeout = result.GetValue(timeout),
                    RequestMetrics = result.GetValue(requestMetrics) == OnOff.On,
                    MaxConnections = result.GetValue(connections),
                    Monitoring = monitoring.Read(result, result.GetValue(model)!),
                    Feedback = monitoring.ReadFeedback(result),
                    Expectations = monitoring.ReadExpectations(result),
                    Payloads = payloads.Read(result),
                },
                Logs.Create(result.GetValue(logLevel)))));
        return command;
    }

    private static string? SplitPath(string? path, string? revision) => (path, revision) switch
    {
        (null or "", _) => null,
        (_, null or "") => throw new FailureException(
            TerminationReasons.InvalidOptions, "--split says which revision answers what, so --revision (or SLUICE_REVISION) has to say which this is."),
        _ => path,
    };

    private static async Task<int> RunAsync(ServeSettings settings, ILoggerFactory logs)
    {
        using var owned = logs;
        using var stop = new StopSignal();
        var exported = Exported();
        await using var server = new RuntimeServer(settings, logs, TimeProvider.System);
        await using var telemetry = exported is null ? null : TelemetryExport.Start(
            exported, Program, server.State.Metrics.Registry, MostSeries, [Traces.Name], TimeProvider.System, server.State.Logger);
        await server.StartAsync();
        var signal = await stop.Requested;
        Log.Draining(server.State.Logger, signal, settings.DrainDelay.TotalSeconds);
        await server.StopAsync(stop.Hurry);
        return 0;
    }

    /// <summary>Null when OpenTelemetry's variables ask for nothing.</summary>
    private static TelemetrySettings? Exported()
    {
        try
        {
            return TelemetrySettings.Read(Program, RuntimeServer.ProgramVersion, Environment.GetEnvironmentVariable);
        }
        catch (TelemetryException e)
        {
            throw new FailureException(TerminationReasons.InvalidOptions, e.Message);
        }
    }
}
