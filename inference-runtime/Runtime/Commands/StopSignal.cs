using System.Runtime.InteropServices;

namespace Sluice.Runtime.Commands;

/// <summary>SIGTERM and SIGINT: the first asks for a graceful stop, the second for a quick one.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource<string> requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource hurry = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    public StopSignal()
    {
        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGTERM, PosixSignal.SIGINT])
            registrations.Add(PosixSignalRegistration.Create(signal, Receive));
    }

    /// <summary>Completes with the signal's name.</summary>
    public Task<string> Requested => requested.Task;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Hurry => hurry.Token;

    public void Dispose()
    {
        registrations.ForEach(r => r.Dispose());
        hurry.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        // Otherwise the process would end at once.
        context.Cancel = true;
        if (!requested.TrySetResult(context.Signal.ToString()))
            hurry.Cancel();
    }
}
