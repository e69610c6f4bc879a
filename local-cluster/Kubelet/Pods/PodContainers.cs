using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Containers;
using Sluice.LocalCluster.Kubelet.Probes;
using Sluice.LocalCluster.Kubelet.Processes;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>The processes of one pod. Used by the pod's loop alone.</summary>
internal sealed class PodContainers(KubeletContext context, PodSandbox sandbox, Action<PodMessage> post)
{
    private readonly Dictionary<string, RunningContainer> _running = [];
    private Task _stopping = Task.CompletedTask;

    /// <summary>No process runs, and every stop that was begun is over.</summary>
    internal bool AllEnded => _running.Count == 0;

    /// <summary>Starts a container, or says in its record why it does not start.</summary>
    internal async Task<PodRecord> StartAsync(Pod pod, PodRecord record, string name, CancellationToken cancel)
    {
        var now = context.Time.GetUtcNow();
        var run = record.Run(name);
        var container = Spec(pod, name);
        if (context.Images.Problem(run.Image) is { } problem)
            return record.With(NoImage(pod, run, run.Image, problem, now));
        if (sandbox.ImageProblem(pod, container) is { } volume)
            return record.With(NoImage(pod, run, volume.Image, volume.Problem, now));
        var program = context.Images.Find(run.Image)!;
        ContainerSetup setup;
        try
        {
            setup = await sandbox.SetUpAsync(pod, container, program, cancel);
        }
        catch (ContainerConfigException e)
        {
            if (run.Waiting?.Message != e.Message)
                context.Event(pod, "Warning", "Failed", $"Error: {e.Message}");
            return record.With(run.Misconfigured(e.Message, now));
        }
        if (run.RestartCount == 0 && run.Ended is null)
            context.Event(pod, "Normal", "Pulled", $"Container image \"{run.Image}\" already present on machine as {program}");
        return record.With(Launch(pod, run, container, setup, "file://" + program, record.Init.Contains(run)));
    }

    /// <summary>The record after an event of one of the containers.</summary>
    internal PodRecord Take(Pod pod, PodRecord record, PodMessage message) => message switch
    {
        PodMessage.Exited exited => TakeExit(pod, record, exited),
        PodMessage.Probed probed when IsCurrent(probed.Container) => TakeProbe(pod, record, probed),
        PodMessage.HookFailed failed when IsCurrent(failed.Container) => TakeHook(pod, record, failed),
        _ => record,
    };

    /// <summary>Ends the main containers together, then the sidecars, last one first, all within the grace.</summary>
    internal void StopAll(Pod pod, TimeSpan grace)
    {
        foreach (var running in _running.Values)
            context.Event(pod, "Normal", "Killing", $"Stopping container {running.Name}");
        _stopping = StopInOrderAsync(pod, [.. _running.Values], grace);
    }

    internal void StopSidecars(Pod pod, PodRecord record)
    {
        if (_running.Count > 0 && _stopping.IsCompleted && record.Init.Any(run => run.Sidecar))
            StopAll(pod, Grace(pod));
    }

    internal void Kill()
    {
        foreach (var running in _running.Values)
            running.Kill();
    }

    /// <summary>Ends everything at once and waits until it has ended.</summary>
    internal async Task KillAllAsync()
    {
        Kill();
        foreach (var running in _running.Values)
        {
            await running.Ended;
            running.Dispose();
        }
        _running.Clear();
    }

    private async Task StopInOrderAsync(Pod pod, List<RunningContainer> all, TimeSpan grace)
    {
        var begun = context.Time.GetTimestamp();
        var order = (pod.Spec?.InitContainers ?? []).Select(c => c.Name).ToList();
        await Task.WhenAll(all.Where(c => !order.Contains(c.Name)).Select(c => c.StopAsync(grace)));
        foreach (var sidecar in all.Where(c => order.Contains(c.Name)).OrderByDescending(c => order.IndexOf(c.Name)))
        {
            var rest = grace - context.Time.GetElapsedTime(begun);
            await sidecar.StopAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        }
    }

    private ContainerRun Launch(
        Pod pod, ContainerRun run, Container container, ContainerSetup setup, string imageId, bool isInit)
    {
        var log = context.Logs.Current(pod.Metadata.Uid!, run.Name, run.NextRestartCount);
        // Only sidecars among the init containers are probed.
        var probed = isInit && !run.Sidecar
            ? container with { StartupProbe = null, LivenessProbe = null, ReadinessProbe = null, Lifecycle = null }
            : container;
        context.Event(pod, "Normal", "Created", $"Created container: {run.Name}");
        try
        {
            var running = RunningContainer.Start(
                context, pod.Metadata.Uid!, new ProbeTarget(probed, setup, sandbox.Place.PodIp), log, new ContainerCallbacks(
                    (c, exit) => post(new PodMessage.Exited(c, exit)),
                    (c, report) => post(new PodMessage.Probed(c, report)),
                    (c, hook, text) => post(new PodMessage.HookFailed(c, hook, text))));
            _running[run.Name] = running;
            context.Log.ContainerStarted(pod.Key.ToString(), run.Name, running.Pid);
            context.Event(pod, "Normal", "Started", $"Started container {run.Name}");
            return run.Running(ContainerId(running.Pid), imageId, running.StartedAt) with
            {
                Started = probed.StartupProbe is null,
                Ready = probed.StartupProbe is null && probed.ReadinessProbe is null,
            };
        }
        catch (ProcessStartException e)
        {
            return CannotExecute(pod, run, imageId, e.Message);
        }
    }

    private ContainerRun CannotExecute(Pod pod, ContainerRun run, string imageId, string message)
    {
        var now = context.Time.GetUtcNow();
        context.Event(pod, "Warning", "Failed", $"Error: failed to start container \"{run.Name}\": {message}");
        var started = run.Running(ContainerId(0), imageId, now);
        return started.Exited(
            new ContainerStateTerminated
            {
                ExitCode = 128,
                Reason = "StartError",
                Message = message,
                StartedAt = now,
                FinishedAt = now,
                ContainerID = started.ContainerId,
            },
            now);
    }

    private ContainerRun NoImage(Pod pod, ContainerRun run, string image, string problem, DateTimeOffset now)
    {
        var again = run.Waiting?.Reason is "ErrImagePull" or "ImagePullBackOff";
        context.Event(pod, "Warning", "Failed", $"Failed to pull image \"{image}\": {problem}");
        return run.CannotStart(
            again ? "ImagePullBackOff" : "ErrImagePull",
            again ? $"Back-off pulling image \"{image}\": {problem}" : problem,
            now);
    }

    private PodRecord TakeExit(Pod pod, PodRecord record, PodMessage.Exited message)
    {
        var (container, exit) = message;
        if (!IsCurrent(container))
            return record;
        _running.Remove(container.Name);
        container.Dispose();
        context.Log.ContainerEnded(pod.Key.ToString(), container.Name, exit.Code);
        var now = context.Time.GetUtcNow();
        var run = record.Run(container.Name);
        var spec = Spec(pod, container.Name);
        var ended = run.Exited(
            new ContainerStateTerminated
            {
                ExitCode = exit.Code,
                Signal = exit.Signal == 0 ? null : exit.Signal,
                Reason = container.OutOfMemory ? "OOMKilled" : exit.Code == 0 ? "Completed" : "Error",
                Message = TerminationMessage.Read(
                    sandbox.Folders.TerminationLog(run.Name), container.LogFile, spec.TerminationMessagePolicy, exit.Code),
                StartedAt = run.StartedAt,
                FinishedAt = now,
                ContainerID = run.ContainerId,
            },
            now);
        var policy = pod.Spec?.RestartPolicy ?? "Always";
        if (ended.NotBefore > now && !PodPlan.IsFinal(ended, policy) && !record.Terminating)
            context.Event(pod, "Warning", "BackOff", $"Back-off restarting failed container {run.Name} in pod {pod.Metadata.Name}_{pod.Metadata.Namespace}({pod.Metadata.Uid})");
        return record.With(ended);
    }

    private PodRecord TakeProbe(Pod pod, PodRecord record, PodMessage.Probed message)
    {
        var (container, report) = message;
        var run = record.Run(container.Name);
        if (!report.Result.Success)
            context.Event(pod, "Warning", "Unhealthy", $"{report.Kind} probe failed: {report.Result.Message}");
        switch (report)
        {
            case { Kind: ProbeKind.Startup, Verdict: true }:
                return record.With(run with { Started = true, Ready = Spec(pod, run.Name).ReadinessProbe is null });
            case { Kind: ProbeKind.Readiness, Verdict: { } ready }:
                return run.Ready == ready ? record : record.With(run with { Ready = ready });
            case { Kind: ProbeKind.Startup or ProbeKind.Liveness, Verdict: false }:
                Restart(pod, container, $"Container {run.Name} failed {(report.Kind == ProbeKind.Liveness ? "liveness" : "startup")} probe, will be restarted");
                return record;
            default:
                return record;
        }
    }

    private PodRecord TakeHook(Pod pod, PodRecord record, PodMessage.HookFailed message)
    {
        var isStart = message.Hook == "postStart";
        context.Event(pod, "Warning", isStart ? "FailedPostStartHook" : "FailedPreStopHook", message.Message);
        if (isStart)
            Restart(pod, message.Container, "FailedPostStartHook");
        return record;
    }

    private void Restart(Pod pod, RunningContainer container, string reason)
    {
        context.Event(pod, "Normal", "Killing", reason);
        var liveness = Spec(pod, container.Name).LivenessProbe?.TerminationGracePeriodSeconds;
        _ = container.StopAsync(liveness is { } seconds ? TimeSpan.FromSeconds(seconds) : Grace(pod));
    }

    private static TimeSpan Grace(Pod pod) => TimeSpan.FromSeconds(pod.Spec?.TerminationGracePeriodSeconds ?? 30);

    private bool IsCurrent(RunningContainer container) =>
        _running.TryGetValue(container.Name, out var current) && ReferenceEquals(current, container);

    private static Container Spec(Pod pod, string name) =>
        (pod.Spec?.InitContainers ?? []).Concat(pod.Spec?.Containers ?? []).First(c => c.Name == name);

    // A process id is what a person who wants to kill or inspect the container needs.
    private static string ContainerId(int pid) => $"process://{pid}";
}
