using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sluice.Onnx;
using Sluice.Runtime.Admin;
using Sluice.Runtime.Auth;
using Sluice.Runtime.Batching;
using Sluice.Runtime.Grpc;
using Sluice.Runtime.Grpc.Framing;
using Sluice.Runtime.Http;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;
using Sluice.Runtime.Monitoring;
using Sluice.Runtime.Payloads;
using Sluice.Runtime.Routing;

namespace Sluice.Runtime.Hosting;

/// <summary>
/// The runtime: ports and models. Starting order: probes, then the prediction ports (which answer 503), then the models;
/// stopping order: readiness off, wait, the prediction ports with what still runs, the models, the probes.
/// </summary>
internal sealed class RuntimeServer : IAsyncDisposable
{
    private readonly ServeSettings settings;
    private readonly ILoggerFactory logs;
    private readonly TimeProvider time;
    private readonly ModelRepository repository;
    private readonly CpuShare cpus;
    private readonly RunGate gate;
    private readonly RunWatch watch;
    private readonly ModelMonitors? monitors;
    private readonly List<KestrelEndpoint> serving = [];
    private KestrelEndpoint? admin;

    public RuntimeServer(ServeSettings settings, ILoggerFactory logs, TimeProvider time)
    {
        (this.settings, this.logs, this.time) = (settings, logs, time);
        var logger = logs.CreateLogger("Sluice.Runtime");
        var metrics = new RuntimeMetrics(time, settings.Revision, settings.RequestMetrics);
        State = new ServingState(metrics, logger, ProgramVersion)
        {
            RequestTimeout = settings.RequestTimeout,
            MaxBody = settings.MaxBody,
            OnEventThread = settings.OnEventThread,
            Split = settings.Split is { } path
                ? new Split(path, settings.Revision, new RoutingMetrics(metrics.Registry, time), logger)
                : null,
            Keys = settings.ApiKeys is { Length: > 0 } keys ? new ApiKeys(keys, logger, time) : null,
            Payloads = settings.Payloads is { } payloads
                ? new PayloadLog(payloads, PayloadLog.SinkFor(payloads, time), new PayloadBooks(metrics.Registry), time, logger)
                : null,
        };
        cpus = CpuShare.Of(Environment.ProcessorCount, settings.Concurrency, settings.IntraOpThreads);
        gate = new RunGate(cpus.Calls, settings.QueueLimit);
        watch = new RunWatch(settings.RequestTimeout, time);
        var session = new SessionSettings { IntraOpThreads = cpus.ThreadsPerCall };
        if (settings.Monitoring is not null || settings.Feedback is not null)
            monitors = new ModelMonitors(settings.Monitoring, settings.Feedback, metrics, State.Catalog, logger);
        var batching = settings.Batching is { } joined ? new BatchPolicy(joined, gate, metrics, logger) : null;
        var loader = new ModelLoader(gate, watch, session, metrics, logger, settings.Golden, monitors, settings.Expectations, batching);
        repository = new ModelRepository(settings, loader, State.Catalog, logger);
        if (Storage.PullRecord.Read(settings.Model) is { } pulled)
            metrics.Fetched(pulled);
        ProcessMetrics.Register(metrics.Registry, gate, ProgramVersion, settings.Revision);
    }

    public static string ProgramVersion { get; } =
        typeof(RuntimeServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public ServingState State { get; }

    public Uri Http => serving[0].Address;

    public Uri Grpc => serving[1].Address;

    public Uri Admin => admin!.Address;

    /// <summary>Starts to listen, then loads the models.</summary>
    /// <exception cref="FailureException">A port is taken or a model cannot be served.</exception>
    public async Task StartAsync()
    {
        OnnxEnvironment.LogSink = (severity, category, message) =>
            Log.OnnxRuntime(State.Logger, severity.ToString(), category, message);
        State.Keys?.Start();
        State.Split?.Start();
        var limits = new CallerLimits(settings.MaxBody, settings.MaxConnections);
        admin = await KestrelEndpoint.StartAsync(
            settings.Admin, HttpProtocols.Http1, limits, new AdminApplication(State, repository), logs);
        serving.Add(await KestrelEndpoint.StartAsync(
            settings.Http, HttpProtocols.Http1, limits, new RestApplication(State), logs, settings.OnEventThread));
        var messages = limits with { MaxBody = settings.MaxBody + RequestMessage.PrefixLength };
        serving.Add(await KestrelEndpoint.StartAsync(
            settings.Grpc, HttpProtocols.Http2, messages, new GrpcApplication(State, settings.MaxBody), logs));
        repository.LoadAll();
        monitors?.Start();
        Log.Serving(State.Logger, Http.Authority, Grpc.Authority, Admin.Authority);
        Log.Sharing(State.Logger, cpus.Calls, cpus.ThreadsPerCall, Environment.ProcessorCount);
    }

    /// <summary>Goes out of service without dropping a request.</summary>
    /// <param name="hurry">Cuts the wait before closing short.</param>
    public async Task StopAsync(CancellationToken hurry)
    {
        State.BeginDrain();
        await Task.Delay(settings.DrainDelay, time, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var cutOff = new CancellationTokenSource(settings.DrainTimeout, time);
        await Task.WhenAll(serving.Select(s => s.StopAsync(cutOff.Token)));
        if (cutOff.IsCancellationRequested)
            Log.CutOff(State.Logger, settings.DrainTimeout.TotalSeconds);
        if (State.Payloads is { } payloads)
            await payloads.FlushAsync();
        foreach (var entry in State.Catalog.All.SelectMany(m => m.All))
            entry.Served?.Dispose();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        await admin!.StopAsync(soon.Token);
        Log.Stopped(State.Logger);
    }

    public async ValueTask DisposeAsync()
    {
        serving.ForEach(s => s.Dispose());
        admin?.Dispose();
        repository.Dispose();
        watch.Dispose();
        if (monitors is not null)
            await monitors.DisposeAsync();
        if (State.Keys is { } keys)
            await keys.DisposeAsync();
        if (State.Split is { } split)
            await split.DisposeAsync();
        if (State.Payloads is { } payloads)
            await payloads.DisposeAsync();
    }
}
