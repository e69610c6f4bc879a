using System.Diagnostics;

namespace Sluice.LocalCluster.Demo;

/// <summary>A program that runs beside the demo and ends with it; what it says goes to a file.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly StreamWriter _log;
    readonly string? _awaited;
    readonly TaskCompletionSource<string> _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    DemoProcess(Process process, string logFile, string? awaited)
    {
        _process = process;
        _log = new StreamWriter(logFile) { AutoFlush = true };
        _awaited = awaited;
        LogFile = logFile;
    }

    public string LogFile { get; }

    /// <summary>The exit code once it has ended.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>The operator, run against the local cluster as it runs against any: by a kubeconfig.</summary>
    public static DemoProcess Operator(DemoOptions options) => Start(
        options.Operator,
        ["run", "--kubeconfig", options.Kubeconfig, "--runtime-image", DemoOptions.RuntimeImage, "--metrics", "127.0.0.1:0"],
        Path.Combine(options.State, "operator.log"));

    /// <param name="file">The program.</param>
    /// <param name="arguments">Of it.</param>
    /// <param name="logFile">Where to keep what it says.</param>
    /// <param name="awaited">What <see cref="SaidAsync"/> waits for.</param>
    public static DemoProcess Start(string file, IEnumerable<string> arguments, string logFile, string? awaited = null)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
            EnableRaisingEvents = true,
        };
        var started = new DemoProcess(process, logFile, awaited);
        process.OutputDataReceived += (_, line) => started.Hear(line.Data);
        process.ErrorDataReceived += (_, line) => started.Hear(line.Data);
        process.Exited += (_, _) => started._said.TrySetException(new DemoFailure($"{Path.GetFileName(file)} ended before it was ready; see {logFile}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return started;
    }

    /// <summary>What follows the awaited words in the line that has them.</summary>
    public Task<string> SaidAsync(TimeSpan patience, TimeProvider time, CancellationToken cancel) => _said.Task.WaitAsync(patience, time, cancel);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        lock (_log) _log.Dispose();
    }

    void Hear(string? line)
    {
        if (line is null) return;
        if (_awaited is not null && line.IndexOf(_awaited, StringComparison.Ordinal) is >= 0 and var at)
            _said.TrySetResult(line[(at + _awaited.Length)..].Trim());
        lock (_log)
        {
            if (_log.BaseStream.CanWrite) _log.WriteLine(line);
        }
    }
}
