using Sluice.Benchmarks.Split;
using Sluice.Benchmarks.Wire;

// With "echo PORT ANSWERS" or "loop PORT ANSWER" it is a bare server that the runtime is compared with; with "wire", "monitoring"
// or "batches" (parts of wire) or "split" it measures that alone, without arguments everything.
switch (args)
{
    case ["echo", var port, var answers]:
        await EchoServer.RunAsync(int.Parse(port), answers);
        return 0;
    case ["loop", var port, var answer]:
        SocketLoop.Run(int.Parse(port), answer);
        return 0;
    case ["wire"]:
        return await WireBenchmark.RunAsync();
    case ["monitoring"]:
        return await Part.RunAsync("monitoring", MonitoringCost.MeasureAsync);
    case ["batches"]:
        return await Part.RunAsync("batches", Batches.MeasureAsync);
    case ["split"]:
        return await SplitBenchmark.RunAsync();
    default:
        var wire = await WireBenchmark.RunAsync();
        return wire == 0 ? await SplitBenchmark.RunAsync() : wire;
}
