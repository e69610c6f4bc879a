using System.Globalization;
using System.IO.Pipes;
using System.Text;

namespace Sluice.LocalCluster.Kubelet.Processes;

/// <summary>
/// Ends the pods' processes when this one dies, even by SIGKILL: a shell in a session of its own holds the list of
/// process groups, reads changes from a pipe, and kills what is on the list when the pipe ends. PR_SET_PDEATHSIG would
/// need a launcher, follows the thread that started the child rather than the process, and spares grandchildren.
/// </summary>
internal sealed class ProcessGuard : IAsyncDisposable
{
    // Built-ins only, so that nothing has to be found or started at the moment of death.
    private const string Script =
        """
        trap '' INT TERM HUP PIPE
        live=' '
        while read -r sign pid; do
          case $sign in
            +) live="$live$pid ";;
            -) case $live in *" $pid "*) live="${live%% $pid *} ${live#* $pid }";; esac;;
          esac
        done
        for pid in $live; do kill -9 "-$pid" 2>/dev/null; done
        """;

    private static readonly Dictionary<string, string> NoEnvironment = [];

    private readonly Lock _lock = new();
    private readonly HashSet<int> _live = [];
    private AnonymousPipeClientStream? _commands;
    private SpawnedProcess? _guard;
    private bool _stopping;

    /// <summary>Null until the first process was added.</summary>
    internal int? Pid => _guard?.Pid;

    internal void Add(int group)
    {
        lock (_lock)
        {
            _live.Add(group);
            Send('+', group);
        }
    }

    internal void Remove(int group)
    {
        lock (_lock)
        {
            _live.Remove(group);
            Send('-', group);
        }
    }

    public async ValueTask DisposeAsync()
    {
        SpawnedProcess? guard;
        lock (_lock)
        {
            _stopping = true;
            guard = _guard;
            _commands?.Dispose();
            _commands = null;
        }
        if (guard is not null)
            _ = await guard.Exited;

        // A guard that was killed after the last change has left this to us.
        foreach (var group in _live)
            _ = Native.Kill(-group, Native.SignalKill);
    }

    private void Send(char sign, int group)
    {
        if (_stopping)
            return;
        // A guard that somebody killed is replaced, and told everything again.
        if (_guard is null || _guard.Exited.IsCompleted || !TryWrite(sign, group))
            Restart();
    }

    private void Restart()
    {
        _commands?.Dispose();
        var (read, write) = SpawnedProcess.MakePipe();
        using var reader = read;
        _guard = SpawnedProcess.Start(new ProcessSpec(["/bin/sh", "-c", Script], NoEnvironment, "/"), reader);
        _commands = new AnonymousPipeClientStream(PipeDirection.Out, write);
        foreach (var group in _live)
            _ = TryWrite('+', group);
    }

    // A guard that has just died may not be known as dead yet; its pipe is.
    private bool TryWrite(char sign, int group)
    {
        try
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{sign} {group}\n");
            _commands!.Write(Encoding.ASCII.GetBytes(line));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
