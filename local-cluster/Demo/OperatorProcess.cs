using System.Diagnostics;

namespace Sluice.LocalCluster.Demo;

/// <summary>The operator, run against the local cluster as it runs against any: by a kubeconfig.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly StreamWriter _log;

    OperatorProcess(Process process, StreamWriter log, string logFile)
    {
        _process = process;
        _log = log;
        LogFile = logFile;
    }

    public string LogFile { get; }

    /// <summary>The exit code once it has ended.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public static OperatorProcess Start(DemoOptions options)
    {
        var logFile = Path.Combine(options.State, "operator.log");
        var log = new StreamWriter(logFile) { AutoFlush = true };
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(options.Operator,
                ["run", "--kubeconfig", options.Kubeconfig, "--runtime-image", DemoOptions.RuntimeImage, "--metrics", "127.0.0.1:0"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.OutputDataReceived += (_, line) => Write(log, line.Data);
        process.ErrorDataReceived += (_, line) => Write(log, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new OperatorProcess(process, log, logFile);
    }

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

    static void Write(StreamWriter log, string? line)
    {
        if (line is null) return;
        lock (log)
        {
            if (log.BaseStream.CanWrite) log.WriteLine(line);
        }
    }
}
