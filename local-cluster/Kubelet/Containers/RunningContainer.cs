using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Logs;
using Sluice.LocalCluster.Kubelet.Probes;
using Sluice.LocalCluster.Kubelet.Processes;

namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>What a running container tells its pod; called from any thread.</summary>
/// <param name="Exited">Once, when the process and what it wrote are all here.</param>
/// <param name="Probed">After each try of a probe.</param>
/// <param name="HookFailed">With the name of the hook and what was wrong.</param>
internal sealed record ContainerCallbacks(
    Action<RunningContainer, ProcessExit> Exited,
    Action<RunningContainer, ProbeReport> Probed,
    Action<RunningContainer, string, string> HookFailed);

/// <summary>One run of a container: its process, log, probes and end.</summary>
internal sealed class RunningContainer : IDisposable
{
    // A process that left its session may hold the output open for ever.
    private static readonly TimeSpan OutputLimit = TimeSpan.FromSeconds(2);

    private readonly KubeletContext _context;
    private readonly ProbeTarget _target;
    private readonly SpawnedProcess _process;
    private readonly ContainerCallbacks _callbacks;
    private readonly CancellationTokenSource _probing = new();

    // What is asked to go is not restarted, but whether it still serves is looked at until the end.
    private readonly CancellationTokenSource _keptAlive = new();
    private readonly string _podUid;
    private readonly Lock _lock = new();
    private Task? _stopping;

    private RunningContainer(
        KubeletContext context, string podUid, ProbeTarget target, SpawnedProcess process, ContainerCallbacks callbacks)
    {
        (_context, _podUid, _target, _process, _callbacks) = (context, podUid, target, process, callbacks);
        StartedAt = context.Time.GetUtcNow();
    }

    internal string Name => _target.Container.Name;

    internal int Pid => _process.Pid;

    internal DateTimeOffset StartedAt { get; }

    /// <summary>Ended by the kubelet for using more memory than its limit.</summary>
    internal bool OutOfMemory { get; private set; }

    internal required string LogFile { get; init; }

    /// <summary>Done when <see cref="ContainerCallbacks.Exited"/> has been called.</summary>
    internal Task Ended { get; private set; } = Task.CompletedTask;

    /// <exception cref="ProcessStartException">The program cannot be executed.</exception>
    internal static RunningContainer Start(
        KubeletContext context, string podUid, ProbeTarget target, string logFile, ContainerCallbacks callbacks)
    {
        var process = SpawnedProcess.Start(target.Setup.Main);
        context.Guard.Add(process.Pid);
        var running = new RunningContainer(context, podUid, target, process, callbacks) { LogFile = logFile };
        decimal? limit = target.Container.Resources?.Limits is { } limits && limits.TryGetValue("memory", out var memory)
            ? memory.ToDecimal()
            : null;
        context.Usage.Track(podUid, running.Name, process.Pid, limit, running.KillForMemory);
        running.Ended = running.WatchAsync();
        running.RunHook("postStart", target.Container.Lifecycle?.PostStart);
        running.Observe(running.ProbeAsync());
        return running;
    }

    /// <summary>preStop, SIGTERM, and SIGKILL when the grace is over. Later calls join the first.</summary>
    internal Task StopAsync(TimeSpan grace)
    {
        lock (_lock)
            return _stopping ??= StopCoreAsync(grace);
    }

    /// <summary>To be called when it has ended.</summary>
    public void Dispose()
    {
        _probing.Dispose();
        _keptAlive.Dispose();
    }

    internal void Kill() => _process.KillAll();

    private void KillForMemory()
    {
        OutOfMemory = true;
        Kill();
    }

    private async Task StopCoreAsync(TimeSpan grace)
    {
        await _keptAlive.CancelAsync();
        using var limit = new CancellationTokenSource(grace, _context.Time);
        if (_target.Container.Lifecycle?.PreStop is { } hook)
            await RunHookAsync("preStop", hook, limit.Token);
        _process.Signal(Native.SignalTerm);
        try
        {
            await _process.Exited.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
        }
        await Ended;
    }

    private async Task WatchAsync()
    {
        var copying = CopyLogAsync();
        var exit = await _process.Exited;
        await _keptAlive.CancelAsync();
        await _probing.CancelAsync();
        // The rest of the container ends with its first process.
        _process.KillAll();
        _context.Guard.Remove(Pid);
        _context.Usage.Forget(_podUid, Name);
        try
        {
            await copying.WaitAsync(OutputLimit, _context.Time);
        }
        catch (TimeoutException)
        {
            // What still comes is nobody's.
        }
        await _process.Output.DisposeAsync();
        _callbacks.Exited(this, exit);
    }

    private async Task CopyLogAsync()
    {
        using var writer = new LogWriter(LogFile, _context.Time);
        try
        {
            await writer.CopyAsync(_process.Output, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The reading end was closed.
        }
    }

    private async Task ProbeAsync()
    {
        var loop = new ProbeLoop(_context.Probes, _context.Time);
        var passed = true;
        Task RunAsync(ProbeKind kind, Probe? probe, CancellationToken cancel) =>
            probe is null ? Task.CompletedTask : loop.RunAsync(kind, probe, _target, report => Report(report, cancel), cancel);
        void Report(ProbeReport report, CancellationToken cancel)
        {
            if (report is { Kind: ProbeKind.Startup, Verdict: false })
                passed = false;
            if (!cancel.IsCancellationRequested)
                _callbacks.Probed(this, report);
        }
        await RunAsync(ProbeKind.Startup, _target.Container.StartupProbe, _keptAlive.Token);
        if (!passed)
            return;
        await Task.WhenAll(
            RunAsync(ProbeKind.Liveness, _target.Container.LivenessProbe, _keptAlive.Token),
            RunAsync(ProbeKind.Readiness, _target.Container.ReadinessProbe, _probing.Token));
    }

    private void RunHook(string name, LifecycleHandler? handler)
    {
        if (handler is not null)
            Observe(RunHookAsync(name, handler, _probing.Token));
    }

    private async Task RunHookAsync(string name, LifecycleHandler handler, CancellationToken cancel)
    {
        try
        {
            var result = await _context.Probes.RunAsync(handler, _target, cancel);
            if (!result.Success)
                _callbacks.HookFailed(this, name, result.Message);
        }
        catch (OperationCanceledException)
        {
            // The grace is over, or the process ended first.
        }
    }

    private void Observe(Task task) => _ = task.ContinueWith(
        failed => _context.Log.ProbeLoopFailed(failed.Exception!, Name),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
