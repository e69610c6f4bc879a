using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sluice.LocalCluster.Kubelet.Processes;

/// <summary>
/// A process in a session of its own, with standard output and error on one pipe.
/// System.Diagnostics.Process cannot make sessions, and without one a Ctrl-C in the user's terminal would reach
/// every pod and a child of the process would survive the end of its container.
/// </summary>
internal sealed class SpawnedProcess
{
    private const int CloseOnExec = 0x80000;
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SpawnedProcess(int pid, Stream output)
    {
        Pid = pid;
        Output = output;
        // A thread blocked in waitpid is the one way to learn an exit status that works on every kernel.
        new Thread(Wait, 128 * 1024) { IsBackground = true, Name = $"wait {pid}" }.Start();
    }

    /// <summary>Also the id of its session and of its process group.</summary>
    internal int Pid { get; }

    /// <summary>Ends when the process and all its children have closed their ends.</summary>
    internal Stream Output { get; }

    internal Task<ProcessExit> Exited => _exited.Task;

    /// <param name="spec">What to start.</param>
    /// <param name="input">What the process reads as its standard input; without one it is /dev/null.</param>
    /// <exception cref="ProcessStartException">The program is missing or cannot be executed.</exception>
    internal static SpawnedProcess Start(ProcessSpec spec, SafePipeHandle? input = null)
    {
        if (!Directory.Exists(spec.WorkingDirectory))
            throw new ProcessStartException($"working directory {spec.WorkingDirectory} does not exist");
        var (read, write) = MakePipe();
        using var writer = write;
        var error = Spawn(spec, (int?)input?.DangerousGetHandle(), (int)write.DangerousGetHandle(), out var pid);
        if (error != 0)
        {
            read.Dispose();
            throw new ProcessStartException($"exec {spec.Arguments[0]}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
        return new SpawnedProcess(pid, new AnonymousPipeClientStream(PipeDirection.In, read));
    }

    /// <summary>A pipe whose ends no other process inherits.</summary>
    internal static unsafe (SafePipeHandle Read, SafePipeHandle Write) MakePipe()
    {
        var ends = stackalloc int[2];
        if (Native.Pipe(ends, CloseOnExec) != 0)
            throw new ProcessStartException($"no pipe: {Marshal.GetLastPInvokeErrorMessage()}");
        return (new SafePipeHandle(ends[0], ownsHandle: true), new SafePipeHandle(ends[1], ownsHandle: true));
    }

    /// <summary>Sends a signal to the process itself, as a container runtime does to process 1.</summary>
    internal void Signal(int signal)
    {
        if (!Exited.IsCompleted)
            _ = Native.Kill(Pid, signal);
    }

    /// <summary>Ends the process and every child that stayed in its group.</summary>
    internal void KillAll() => _ = Native.Kill(-Pid, Native.SignalKill);

    private static unsafe int Spawn(ProcessSpec spec, int? input, int output, out int pid)
    {
        var actions = stackalloc byte[Native.SpawnStructSize];
        var attributes = stackalloc byte[Native.SpawnStructSize];
        _ = Native.ActionsInit(actions);
        _ = Native.AttributesInit(attributes);
        try
        {
            if (input is { } descriptor)
                _ = Native.ActionsDuplicate(actions, descriptor, 0);
            else
                _ = Native.ActionsOpen(actions, 0, "/dev/null", 0, 0);
            _ = Native.ActionsDuplicate(actions, output, 1);
            _ = Native.ActionsDuplicate(actions, output, 2);
            _ = Native.ActionsChangeDirectory(actions, spec.WorkingDirectory);
            SetCleanSession(attributes);
            using var argv = new StringVector(spec.Arguments);
            using var envp = new StringVector([.. spec.Environment.Select(pair => $"{pair.Key}={pair.Value}")]);
            return Native.Spawn(out pid, spec.Arguments[0], actions, attributes, argv.Pointer, envp.Pointer);
        }
        finally
        {
            _ = Native.ActionsDestroy(actions);
            _ = Native.AttributesDestroy(attributes);
        }
    }

    // The runtime ignores SIGPIPE and handles others; a program must find every signal at its default and unblocked.
    private static unsafe void SetCleanSession(byte* attributes)
    {
        var all = stackalloc byte[Native.SignalSetSize];
        var none = stackalloc byte[Native.SignalSetSize];
        new Span<byte>(all, Native.SignalSetSize).Fill(0xff);
        new Span<byte>(none, Native.SignalSetSize).Clear();
        _ = Native.AttributesSetSignalDefaults(attributes, all);
        _ = Native.AttributesSetSignalMask(attributes, none);
        const short flags = Native.SpawnSetSignalDefaults | Native.SpawnSetSignalMask | Native.SpawnNewSession;
        _ = Native.AttributesSetFlags(attributes, flags);
    }

    private void Wait()
    {
        const int interrupted = 4;
        int result, status;
        do
            result = Native.WaitPid(Pid, out status, 0);
        while (result < 0 && Marshal.GetLastPInvokeError() == interrupted);
        _exited.SetResult(result == Pid ? ProcessExit.FromWaitStatus(status) : ProcessExit.Unknown);
    }
}
