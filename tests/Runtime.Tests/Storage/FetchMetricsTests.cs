using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Runtime.Admin;
using Sluice.Runtime.Storage;
using Sluice.Support;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>A fetch that lasts can be watched by whoever scrapes the pod.</summary>
public sealed class FetchMetricsTests : IDisposable
{
    private readonly StorageFixture storage = new();

    public void Dispose() => storage.Dispose();

    [Fact]
    public async Task A_scrape_tells_how_far_a_fetch_is()
    {
        var half = StorageFixture.Model.Length / 2;
        var goOn = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path != "/model.onnx")
            {
                context.Response.StatusCode = 404;
                return;
            }
            context.Response.ContentLength = StorageFixture.Model.Length;
            await context.Response.Body.WriteAsync(StorageFixture.Model.AsMemory(0, half));
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            await context.Response.Body.WriteAsync(StorageFixture.Model.AsMemory(half));
        });
        storage.Metrics = new FetchMetrics();
        using var watch = await FetchApplication.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), storage.Metrics.Registry, NullLoggerFactory.Instance);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = watch!.Address };

        var fetching = storage.PullAsync($"{server.Address}model.onnx", StorageFixture.Sha256);

        await Eventually.TrueAsync(async () => (await client.GetStringAsync("/metrics")).Contains($"sluice_model_fetch_received_bytes {half}\n"), "half is there");
        (await client.GetStringAsync("/metrics")).Should().Contain($"sluice_model_fetch_expected_bytes {StorageFixture.Model.Length}\n")
            .And.Contain("sluice_model_fetch_retries_total 0\n");
        goOn.SetResult();
        await fetching;
        (await client.GetStringAsync("/metrics")).Should().Contain($"sluice_model_fetch_received_bytes {StorageFixture.Model.Length}\n");
        (await client.GetAsync("/readyz")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_port_that_is_taken_holds_no_fetch_back()
    {
        await using var server = await LoopbackServer.StartAsync();
        var taken = new IPEndPoint(IPAddress.Loopback, server.Address.Port);

        (await FetchApplication.StartAsync(taken, new FetchMetrics().Registry, NullLoggerFactory.Instance)).Should().BeNull();
    }
}
