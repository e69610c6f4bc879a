using System.Text;
using Sluice.LocalCluster.Kubelet.Processes;

namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>How a command beside a container's own process ended.</summary>
internal sealed record ExecResult(int ExitCode, string Output);

/// <summary>Runs a command to its end, or kills it when it is cancelled.</summary>
internal static class ExecRun
{
    private const int KeptOutput = 10 * 1024;

    /// <exception cref="ProcessStartException">The command cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was killed.</exception>
    internal static async Task<ExecResult> RunAsync(ProcessSpec spec, ProcessGuard guard, CancellationToken cancel)
    {
        var process = SpawnedProcess.Start(spec);
        guard.Add(process.Pid);
        try
        {
            await using var kill = cancel.Register(process.KillAll);
            var output = await ReadAsync(process.Output);
            var exit = await process.Exited;
            cancel.ThrowIfCancellationRequested();
            return new ExecResult(exit.Code, output);
        }
        finally
        {
            process.KillAll();
            guard.Remove(process.Pid);
            await process.Output.DisposeAsync();
        }
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        var kept = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
            await kept.WriteAsync(buffer.AsMemory(0, (int)Math.Min(read, KeptOutput - kept.Length)));
        return Encoding.UTF8.GetString(kept.ToArray());
    }
}
