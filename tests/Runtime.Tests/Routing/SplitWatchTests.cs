using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Routing;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Runtime.Tests.Routing;

public sealed class SplitWatchTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Promised = TimeSpan.FromMilliseconds(300);

    private readonly MountedSplit mounted = new();
    private readonly ManualTime time = new();
    private readonly RoutingMetrics metrics;
    private readonly Split split;

    public SplitWatchTests()
    {
        metrics = new RoutingMetrics(new MetricRegistry(), time);
        split = new Split(mounted.File, "r1", metrics, NullLogger.Instance);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await split.DisposeAsync();

    public void Dispose() => mounted.Dispose();

    [Fact]
    public void The_document_is_in_force_as_soon_as_it_is_started()
    {
        mounted.Write(Splits.Of(4, Splits.Stable(100)));
        split.Start();
        split.Table!.Generation.Should().Be(4);
        metrics.Generation.Value.Should().Be(4);
    }

    [Fact]
    public async Task A_swapped_link_is_seen_within_300_ms()
    {
        mounted.Write(Splits.Of(1, Splits.Stable(100)));
        split.Start();
        for (var generation = 2; generation < 6; generation++)
        {
            mounted.Write(Splits.Of(generation, Splits.Stable(90), Splits.Candidate(10)));
            time.Advance(Promised);
            await Eventually.TrueAsync(() => split.Table!.Generation == generation, $"generation {generation}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"generation\":2}")]
    [InlineData("{\"generation\":2,\"shares\":[{\"revision\":\"r1\",\"percent\":99}]}")]
    public async Task A_bad_document_leaves_the_last_good_one_in_force_and_is_counted_once(string bad)
    {
        mounted.Write(Splits.Of(1, Splits.Stable(100)));
        split.Start();
        mounted.Write(bad);
        time.Advance(Promised);
        await Eventually.TrueAsync(() => metrics.Errors.Value > 0, "an error");
        time.Advance(Promised);
        mounted.Write(Splits.Of(3, Splits.Stable(100)));
        time.Advance(Promised);
        await Eventually.TrueAsync(() => split.Table!.Generation == 3, "the next good document");
        metrics.Errors.Value.Should().Be(1);
    }

    [Fact]
    public async Task Without_a_readable_document_there_is_no_table_until_one_comes()
    {
        split.Start();
        split.Table.Should().BeNull();
        metrics.Errors.Value.Should().Be(1);
        mounted.Write(Splits.Of(1, Splits.Stable(100)));
        time.Advance(Promised);
        await Eventually.TrueAsync(() => split.Table is not null, "a table");
    }

    [Fact]
    public async Task A_pod_whose_split_cannot_be_read_is_not_ready()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/1", "iris", s => s with { Split = mounted.File });
        (await ReadyAsync(runtime)).Should().Be((503, "the split document cannot be read; the log says why"));
        mounted.Write(Splits.Of(1, Splits.Stable(100)));
        await Eventually.TrueAsync(() => ReadyAsync(runtime).GetAwaiter().GetResult().Status == 200, "readiness");
        (await runtime.MetricsAsync()).Should().Contain("sluice_split_generation 1\n").And.Contain("sluice_split_errors_total 1\n");
    }

    private static async Task<(int Status, string Text)> ReadyAsync(TestRuntime runtime)
    {
        using var response = await runtime.Client.GetAsync(new Uri(runtime.Server.Admin, "/readyz"));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
