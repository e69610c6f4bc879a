using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Console;
using Sluice.Kubernetes.Client;
using Sluice.Operator.Hosting;
using Sluice.Telemetry;

return await CommandLine.Build(RunAsync).Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });

static async Task<int> RunAsync(OperatorOptions options)
{
    using var stop = new CancellationTokenSource();
    using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
    using var logging = LoggerFactory.Create(static builder => builder
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddSimpleConsole(static format =>
        {
            format.SingleLine = true;
            format.ColorBehavior = LoggerColorBehavior.Disabled;
            format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            format.UseUtcTimestamp = true;
        }));
    try
    {
        return await new OperatorHost(options, logging, TimeProvider.System).RunAsync(stop.Token);
    }
    catch (Exception e) when (e is KubeConfigException or TelemetryException or KubeApiException or HttpRequestException or TimeoutException or IOException or SocketException)
    {
        // What a person can put right is said in a sentence; everything else keeps its stack.
        await Console.Error.WriteLineAsync($"sluice-operator: {e.Message}");
        return 1;
    }
}

static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
{
    signal.Cancel = true;
    stop.Cancel();
}
