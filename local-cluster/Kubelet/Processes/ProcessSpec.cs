namespace Sluice.LocalCluster.Kubelet.Processes;

/// <summary>What to start.</summary>
/// <param name="Arguments">The whole argument vector; the first is the program, looked up in this process's PATH when
/// it holds no slash.</param>
/// <param name="Environment">The whole environment; nothing is inherited.</param>
/// <param name="WorkingDirectory">Must exist.</param>
internal sealed record ProcessSpec(
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory);

/// <summary>How a process ended.</summary>
/// <param name="Code">Its exit code, or 128 + signal as a shell and containerd count.</param>
/// <param name="Signal">The signal that ended it; 0 when it exited by itself.</param>
internal readonly record struct ProcessExit(int Code, int Signal)
{
    internal static readonly ProcessExit Unknown = new(255, 0);

    /// <summary>Reads the status word of waitpid(2).</summary>
    internal static ProcessExit FromWaitStatus(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? new ProcessExit((status >> 8) & 0xff, 0) : new ProcessExit(128 + signal, signal);
    }
}

/// <summary>A process could not be started at all; the message names the program and the cause.</summary>
internal sealed class ProcessStartException(string message) : Exception(message);
