using System.Collections.Concurrent;
using Sluice.Support;
using Sluice.Support.Measuring;

namespace Sluice.Runtime.Tests.Hostile.Fuzzing;

/// <summary>Damaged requests: no crash, no 5xx, every refusal an error that says why, and memory stays.</summary>
public sealed class RestFuzzTests
{
    private const int Requests = 20_000;
    private const int Warm = 5_000;
    private const int AtATime = 8;

    /// <summary>
    /// Of the managed heap after a full collection, which is exact, and of resident memory: there the collector and malloc keep some pages, so it is
    /// counted after a warm-up of the same kind.
    /// </summary>
    private const long MaxGrowth = 32L << 20;

    private readonly ConcurrentDictionary<int, int> statuses = new();
    private readonly ConcurrentQueue<string> wrong = [];

    [Fact]
    public async Task Twenty_thousand_damaged_requests_are_answered_by_a_server_that_lives_on_and_does_not_grow()
    {
        await using var server = await FuzzServer.StartAsync();
        await SendAsync(server, 0, Warm);
        var heap = await server.HeapAsync();
        var before = server.Program.Memory;
        await SendAsync(server, Warm, Requests);

        wrong.Should().BeEmpty(FuzzSeed.Replay);
        statuses.Values.Sum().Should().Be(Requests);
        statuses.Keys.Should().Contain([200, 400]);
        statuses[200].Should().BeGreaterThan(Requests / 50, "damage that is always refused at the door tests the door alone");
        var heapGrowth = await server.HeapAsync() - heap;
        Measured.Report(
            $"{Requests} damaged REST requests, seed {FuzzSeed.Value}",
            $"{string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"))}; {before >> 20} MB and {(server.Program.Memory - before) >> 20} MB more; heap {(long)heap >> 20} MB and {heapGrowth / 1024:0} KB more");
        heapGrowth.Should().BeLessThan(MaxGrowth, FuzzSeed.Replay);
        await Eventually.TrueAsync(
            () => server.Program.Memory - before < MaxGrowth, () => $"{before} bytes became {server.Program.Memory}; {FuzzSeed.Replay}");
        (await server.Client.GetAsync("/v2/health/ready")).EnsureSuccessStatusCode();
        server.Program.Program.Output.Should().NotContain("failed");
    }

    private Task SendAsync(FuzzServer server, int from, int to) => Parallel.ForEachAsync(
        Enumerable.Range(from, to - from),
        new ParallelOptions { MaxDegreeOfParallelism = AtATime },
        async (number, _) =>
        {
            var request = DamagedRequest.Make(number);
            using var message = request.ToMessage();
            var (status, what) = await server.SendAsync(message);
            statuses.AddOrUpdate(status, 1, (_, n) => n + 1);
            if (what is not null)
                wrong.Enqueue($"request {number}: {what} for {request}");
        });
}
