using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sluice.Support.Programs;

/// <summary>A process under test. Both its streams are kept; it never outlives the test.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly Lock _lock = new();

    RunningProgram(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Standard output and standard error so far, line by line as they came.</summary>
    public string Output
    {
        get { lock (_lock) return _output.ToString(); }
    }

    public static RunningProgram Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? input = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Checkout.Root,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var program = new RunningProgram(process);
        process.OutputDataReceived += (_, line) => program.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => program.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        return program;
    }

    /// <summary>Runs to the end. Throws with the output when <paramref name="limit"/> (one minute) is over.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? input = null, TimeSpan? limit = null)
    {
        await using var program = Start(file, arguments, environment, input);
        var code = await program.ExitAsync(limit ?? TimeSpan.FromMinutes(1)).ConfigureAwait(false);
        return (code, program.Output);
    }

    /// <summary>The exit code, with all output read.</summary>
    public async Task<int> ExitAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"{Name} did not end within {limit}. Its output:\n{Output}", late);
        }
        return _process.ExitCode;
    }

    /// <summary>Waits until the output holds <paramref name="text"/>; an early end of the program is an error.</summary>
    public async Task WaitForAsync(string text, TimeSpan limit)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited && !Output.Contains(text, StringComparison.Ordinal))
                throw new InvalidOperationException(
                    $"{Name} ended with {_process.ExitCode} before it printed '{text}'. Its output:\n{Output}");
            if (TimeProvider.System.GetElapsedTime(started) > limit)
                throw new TimeoutException($"{Name} did not print '{text}' within {limit}. Its output:\n{Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a signal by name: TERM, INT, KILL.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }
        _process.Dispose();
    }

    string Name => Path.GetFileName(_process.StartInfo.FileName);

    void Keep(string? line)
    {
        if (line is null) return;
        lock (_lock) _output.AppendLine(line);
    }
}
