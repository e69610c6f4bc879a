using System.Net;
using Sluice.Conformance.World;
using Sluice.Support.Models;

namespace Sluice.Conformance.Tests;

/// <summary>The program answers on the threads that wait for its sockets, of which there are as many as CPUs.</summary>
public sealed class EventThreadTests
{
    [Fact]
    public async Task Long_calls_hold_up_no_connection()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-slow-");
        try
        {
            await using var runtime = await RuntimeUnderTest.StartAsync([("slow", SlowModel.Save(folder.FullName))], "--request-timeout", "0s");
            using var stop = new CancellationTokenSource();
            (await AskAsync(runtime, 200_000, stop.Token)).Should().Be(HttpStatusCode.OK);

            var busy = Enumerable.Range(0, 3 * Environment.ProcessorCount).Select(_ => AskAsync(runtime, 2_000_000_000, stop.Token)).ToList();
            await Task.WhenAny(Task.WhenAll(busy), HealthyAsync(runtime, 3 * Environment.ProcessorCount));

            busy.Should().AllSatisfy(b => b.IsCompleted.Should().BeFalse("health answered while they ran"));
            await stop.CancelAsync();
            (await Task.WhenAll(busy)).Should().AllSatisfy(s => s.Should().BeNull("the callers went away"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_call_that_takes_long_after_many_short_ones_ends_in_time_and_the_next_are_answered()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-slow-");
        try
        {
            await using var runtime = await RuntimeUnderTest.StartAsync([("slow", SlowModel.Save(folder.FullName))], "--request-timeout", "3s");
            for (var i = 0; i < 50; i++)
                (await AskAsync(runtime, 3, default)).Should().Be(HttpStatusCode.OK);

            (await AskAsync(runtime, 2_000_000_000, default)).Should().Be(HttpStatusCode.GatewayTimeout);

            (await AskAsync(runtime, 3, default)).Should().Be(HttpStatusCode.OK);
            await HealthyAsync(runtime, 2 * Environment.ProcessorCount);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>On connections of their own, which all threads share among them.</summary>
    private static async Task HealthyAsync(RuntimeUnderTest runtime, int connections)
    {
        for (var i = 0; i < connections; i++)
        {
            using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = runtime.Http };
            (await client.GetStringAsync("/v2/health/live")).Should().Contain("true");
        }
    }

    /// <returns>Null when the caller went away.</returns>
    private static async Task<HttpStatusCode?> AskAsync(RuntimeUnderTest runtime, long times, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = runtime.Http };
        using var content = new StringContent(
            $$"""{"inputs":[{"name":"times","shape":[],"datatype":"INT64","data":[{{times}}]}]}""");
        try
        {
            using var response = await client.PostAsync(new Uri("/v2/models/slow/infer", UriKind.Relative), content, cancellation);
            return response.StatusCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
