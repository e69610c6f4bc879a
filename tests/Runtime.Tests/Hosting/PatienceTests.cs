using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Sluice.Support;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Hosting;

public sealed class PatienceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-patience").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_request_that_outlasts_its_timeout_gets_504_and_frees_the_model()
    {
        await using var runtime = await SlowAsync(s => s with { Concurrency = 1 });

        var late = await runtime.PostAsync("/v2/models/slow/infer", Count(2_000_000_000, """ "parameters":{"timeout":100000}, """));

        late.Status.Should().Be(504, late.Text);
        late.Error.Should().Contain("100 ms");
        (await runtime.PostAsync("/v2/models/slow/infer", Count(3))).Status.Should().Be(200);
    }

    [Fact]
    public async Task The_servers_own_timeout_holds_for_the_rest()
    {
        await using var runtime = await SlowAsync(s => s with { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        // A first call that is not over in a moment, whatever its answer; from then on calls have a watch of their own.
        await runtime.PostAsync("/v2/models/slow/infer", Count(200_000));

        (await runtime.PostAsync("/v2/models/slow/infer", Count(2_000_000_000))).Status.Should().Be(504);
    }

    [Fact]
    public async Task It_holds_for_a_call_that_takes_long_when_all_before_were_over_in_a_moment()
    {
        await using var runtime = await SlowAsync(s => s with { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        for (var i = 0; i < 10; i++)
            (await runtime.PostAsync("/v2/models/slow/infer", Count(3))).Status.Should().Be(200);

        var late = await runtime.PostAsync("/v2/models/slow/infer", Count(2_000_000_000));

        late.Status.Should().Be(504, late.Text);
        late.Error.Should().Contain("300 ms");
        (await runtime.PostAsync("/v2/models/slow/infer", Count(3))).Status.Should().Be(200);
    }

    [Theory]
    [InlineData("1", 200)]
    [InlineData("0", 200)]
    [InlineData("-1", 400)]
    [InlineData("\"high\"", 400)]
    public async Task A_priority_is_a_whole_number(string priority, int status)
    {
        await using var runtime = await SlowAsync(s => s);

        (await runtime.PostAsync("/v2/models/slow/infer", Count(3, $" \"parameters\":{{\"priority\":{priority}}}, "))).Status.Should().Be(status);
    }

    [Fact]
    public async Task A_caller_that_goes_away_frees_the_model()
    {
        await using var runtime = await SlowAsync(s => s with { Concurrency = 1 });
        (await runtime.PostAsync("/v2/models/slow/infer", Count(200_000))).Status.Should().Be(200);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", runtime.Server.Http.Port);
            var body = Count(2_000_000_000);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /v2/models/slow/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            await InFlightAsync(runtime, 1);
        }

        (await runtime.PostAsync("/v2/models/slow/infer", Count(3))).Status.Should().Be(200);
        await Eventually.TrueAsync(
            () => runtime.MetricsAsync().GetAwaiter().GetResult().Contains("protocol=\"v2\",code=\"499\"} 1"), "the gone caller is counted");
    }

    [Fact]
    public async Task Beyond_the_queue_requests_are_refused_at_once_and_health_answers()
    {
        await using var runtime = await SlowAsync(s => s with { Concurrency = 1, QueueLimit = 2 });
        using var stop = new CancellationTokenSource();
        (await runtime.PostAsync("/v2/models/slow/infer", Count(200_000))).Status.Should().Be(200);
        var busy = Enumerable.Range(0, 3).Select(_ => SendAsync(runtime, stop.Token)).ToList();
        await Eventually.TrueAsync(
            () => runtime.MetricsAsync().GetAwaiter().GetResult().Contains("sluice_queue_length 2"), "a full queue");

        var refused = await runtime.PostAsync("/v2/models/slow/infer", Count(3));

        refused.Status.Should().Be(503);
        refused.Headers["Retry-After"].Should().Be("1");
        (await runtime.GetAsync("/v2/health/live")).Status.Should().Be(200);
        await stop.CancelAsync();
        await Task.WhenAll(busy);
        await Eventually.TrueAsync(
            () => runtime.MetricsAsync().GetAwaiter().GetResult().Contains("sluice_queue_length 0"), "an empty queue");
        (await runtime.PostAsync("/v2/models/slow/infer", Count(3))).Status.Should().Be(200);
    }

    [Fact]
    public async Task A_gzip_body_is_unpacked_within_the_bound()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris", s => s with { MaxBody = 100_000 });
        var fine = Gzip("""{"instances":[[5.1,3.5,1.4,0.2]]}""");

        (await GzipAsync(runtime, fine)).Status.Should().Be(200);
        (await GzipAsync(runtime, Gzip(new string(' ', 100_001)))).Status.Should().Be(413);
        (await GzipAsync(runtime, [1, 2, 3])).Status.Should().Be(400);
        (await runtime.SendAsync(HttpMethod.Post, "/v1/models/iris:predict", fine, headers: ("Content-Encoding", "br"))).Status.Should().Be(415);
    }

    private static Task<Answer> GzipAsync(TestRuntime runtime, byte[] body) =>
        runtime.SendAsync(HttpMethod.Post, "/v1/models/iris:predict", body, headers: ("Content-Encoding", "gzip"));

    private static byte[] Gzip(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static string Count(long times, string more = "") =>
        $$$"""{{{{more}}}"inputs":[{"name":"times","shape":[],"datatype":"INT64","data":[{{{times}}}]}]}""";

    private static async Task SendAsync(TestRuntime runtime, CancellationToken cancellation)
    {
        using var content = new StringContent(Count(2_000_000_000));
        try
        {
            using var response = await runtime.Client.PostAsync("/v2/models/slow/infer", content, cancellation);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static Task InFlightAsync(TestRuntime runtime, int count) => Eventually.TrueAsync(
        () => runtime.MetricsAsync().GetAwaiter().GetResult().Contains($"sluice_requests_in_flight{{model=\"slow\",version=\"1\",revision=\"r1\"}} {count}"),
        "a request in flight");

    private Task<TestRuntime> SlowAsync(Func<Sluice.Runtime.Hosting.ServeSettings, Sluice.Runtime.Hosting.ServeSettings> adjust) =>
        TestRuntime.StartAsync(SlowModel.Save(folder), "slow", adjust);
}
