using System.Net;
using Sluice.Support;

namespace Sluice.Runtime.Tests.Hosting;

public sealed class DrainTests
{
    [Fact]
    public async Task Readiness_follows_the_drain_and_requests_go_on()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris", s => s with { DrainDelay = TimeSpan.FromMinutes(5) });
        (await StatusAsync(runtime, "/readyz")).Should().Be(HttpStatusCode.OK);
        using var hurry = new CancellationTokenSource();

        var stopping = runtime.Server.StopAsync(hurry.Token);

        (await StatusAsync(runtime, "/readyz")).Should().Be(HttpStatusCode.ServiceUnavailable);
        (await StatusAsync(runtime, "/livez")).Should().Be(HttpStatusCode.OK);
        (await runtime.GetAsync("/v2/health/ready")).Status.Should().Be(503);
        var answer = await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[1,2,3,4]]}""");
        answer.Status.Should().Be(200);
        answer.Headers["Connection"].Should().Be("close", "a kept connection would be cut when the port closes");
        await hurry.CancelAsync();
        await stopping;
    }

    [Fact]
    public async Task No_request_is_dropped_while_the_server_goes()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris", s => s with { DrainDelay = TimeSpan.FromMilliseconds(700) });
        var answered = 0;
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            // As a load balancer does: it stops sending once readiness is gone.
            while (await StatusAsync(runtime, "/readyz") == HttpStatusCode.OK)
            {
                for (var i = 0; i < 5; i++)
                {
                    (await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[1,2,3,4]]}""")).Status.Should().Be(200);
                    Interlocked.Increment(ref answered);
                }
            }
        })).ToList();
        await Eventually.TrueAsync(() => Volatile.Read(ref answered) > 200, "load");

        await runtime.Server.StopAsync(default);

        await Task.WhenAll(clients);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestRuntime runtime, string path)
    {
        using var response = await runtime.Client.GetAsync(new Uri(runtime.Server.Admin, path));
        return response.StatusCode;
    }
}
