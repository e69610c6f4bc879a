using System.Net.Sockets;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Containers;
using Sluice.LocalCluster.Kubelet.Processes;

namespace Sluice.LocalCluster.Kubelet.Probes;

/// <summary>What a probe or hook acts on.</summary>
internal sealed record ProbeTarget(Container Container, ContainerSetup Setup, string PodIp);

/// <summary>Tries a probe once, or runs a lifecycle hook.</summary>
internal sealed class ProbeCheck(ProcessGuard guard, TimeProvider time) : IDisposable
{
    private readonly HttpCheck _http = new();
    private readonly GrpcCheck _grpc = new();

    /// <summary>Fails when the probe's own timeout is over; throws only when cancelled from outside.</summary>
    internal async Task<ProbeResult> RunAsync(Probe probe, ProbeTarget target, CancellationToken cancel)
    {
        var timeout = TimeSpan.FromSeconds(Math.Max(probe.TimeoutSeconds ?? 1, 1));
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return probe.HttpGet is { } get ? await _http.RunAsync(target.Container, get, target.PodIp, both.Token)
                : probe.TcpSocket is { } tcp ? await TcpAsync(tcp, target, both.Token)
                : probe.Grpc is { } grpc ? await _grpc.RunAsync(grpc, target.PodIp, both.Token)
                : await ExecAsync(probe.Exec?.Command ?? [], target, both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ProbeResult.Failed($"probe timed out after {timeout.TotalSeconds:0}s");
        }
    }

    /// <summary>A postStart or preStop hook; the caller bounds its time.</summary>
    internal async Task<ProbeResult> RunAsync(LifecycleHandler handler, ProbeTarget target, CancellationToken cancel)
    {
        if (handler.Sleep is { } sleep)
        {
            await Task.Delay(TimeSpan.FromSeconds(sleep.Seconds), time, cancel);
            return ProbeResult.Ok;
        }
        return handler.HttpGet is { } get ? await _http.RunAsync(target.Container, get, target.PodIp, cancel)
            : handler.TcpSocket is { } tcp ? await TcpAsync(tcp, target, cancel)
            : await ExecAsync(handler.Exec?.Command ?? [], target, cancel);
    }

    public void Dispose()
    {
        _http.Dispose();
        _grpc.Dispose();
    }

    private static async Task<ProbeResult> TcpAsync(TcpSocketAction action, ProbeTarget target, CancellationToken cancel)
    {
        if (Ports.Resolve(target.Container, action.Port) is not { } port)
            return ProbeResult.Failed($"couldn't find port: {action.Port}");
        var host = action.Host is { Length: > 0 } h ? h : target.PodIp;
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancel);
            return ProbeResult.Ok;
        }
        catch (SocketException e)
        {
            return ProbeResult.Failed($"dial tcp {host}:{port}: {e.Message}");
        }
    }

    private async Task<ProbeResult> ExecAsync(IReadOnlyList<string> command, ProbeTarget target, CancellationToken cancel)
    {
        if (command.Count == 0)
            return ProbeResult.Failed("names none of httpGet, tcpSocket, grpc and exec");
        try
        {
            var result = await ExecRun.RunAsync(target.Setup.Exec(command), guard, cancel);
            return result.ExitCode == 0 ? ProbeResult.Ok : ProbeResult.Failed(result.Output.Trim());
        }
        catch (ProcessStartException e)
        {
            return ProbeResult.Failed(e.Message);
        }
    }
}
