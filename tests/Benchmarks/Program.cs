using Sluice.Benchmarks.Wire;

// With "echo PORT" it is the bare server that the runtime is compared with; without arguments it measures.
if (args is ["echo", var port])
{
    await EchoServer.RunAsync(int.Parse(port));
    return 0;
}
return await WireBenchmark.RunAsync();
