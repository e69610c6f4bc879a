using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Runtime.Tests.Grpc.Wire;
using Sluice.Support;

namespace Sluice.Runtime.Tests.Grpc.Calls;

/// <summary>A call that nobody waits for any more stops, also when the model is running.</summary>
[Collection(GrpcCollection.Name)]
public sealed class CancellationTests(GrpcServer server)
{
    private const int DeadlineExceeded = 4, Cancelled = 1;
    private const string InFlight = "sluice_requests_in_flight{model=\"loop\"";

    [Fact]
    public async Task A_deadline_stops_a_running_inference()
    {
        var answer = await server.Client.InferAsync(LoopModel.Request(LoopModel.Endless), ("grpc-timeout", "200m"));
        answer.Code.Should().Be(DeadlineExceeded);
        answer.Message.Should().Be("Model \"loop\" did not answer within 200 ms.");
        // The frame that was stopped is used again.
        (await server.Client.InferAsync(LoopModel.Request(3))).Code.Should().Be(0);
    }

    [Theory]
    [InlineData("60S", 100_000, "100")]
    [InlineData("100m", 60_000_000, "100")]
    [InlineData(null, 50_000, "50")]
    public async Task The_parameter_timeout_counts_too_and_the_shorter_one_holds(string? header, int parameter, string waited)
    {
        var timeout = new ReferenceEncoder().Text(1, "timeout").Message(2, new ReferenceEncoder().Varint(2, (ulong)parameter));
        byte[] request = [.. LoopModel.Request(LoopModel.Endless), .. new ReferenceEncoder().Message(4, timeout).ToArray()];
        var answer = await server.Client.InferAsync(request, header is null ? [] : [("grpc-timeout", header)]);
        answer.Code.Should().Be(DeadlineExceeded);
        answer.Message.Should().Be($"Model \"loop\" did not answer within {waited} ms.");
    }

    [Fact]
    public async Task Without_a_deadline_the_servers_own_holds()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-grpc-patience-").FullName;
        LoopModel.Save(folder);
        await using var runtime = await TestRuntime.StartAsync(
            folder, "loop", s => s with { RequestTimeout = TimeSpan.FromMilliseconds(70) });
        using var client = new GrpcClient(runtime.Server.Grpc);
        var answer = await client.InferAsync(LoopModel.Request(LoopModel.Endless));
        (answer.Code, answer.Message).Should().Be((DeadlineExceeded, "Model \"loop\" did not answer within 70 ms."));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_deadline_that_is_over_is_not_begun() =>
        (await server.Client.InferAsync(LoopModel.Request(LoopModel.Endless), ("grpc-timeout", "0n"))).Code.Should().Be(DeadlineExceeded);

    [Fact]
    public async Task A_deadline_far_away_changes_nothing()
    {
        for (var i = 0; i < 5; i++)
            (await server.Client.InferAsync(LoopModel.Request(10), ("grpc-timeout", "99999999H"))).Code.Should().Be(0);
    }

    [Fact]
    public async Task A_deadline_also_ends_the_wait_for_the_message()
    {
        var endless = new EndlessContent();
        using var request = GrpcClient.Request(GrpcClient.Inference + "ModelInfer", endless);
        endless.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        request.Headers.TryAddWithoutValidation("grpc-timeout", "100m");
        var answer = await Eventually.WithinAsync(server.Client.SendAsync(request, CancellationToken.None), "an answer");
        answer.Code.Should().Be(DeadlineExceeded);
        answer.Message.Should().Be("The request did not come within 100 ms.");
        endless.Stop();
    }

    [Fact]
    public async Task A_client_that_goes_stops_its_inference()
    {
        using var client = new CancellationTokenSource();
        var before = Stopped();
        using var content = new ByteArrayContent(GrpcClient.Frame(LoopModel.Request(LoopModel.Endless)));
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        using var request = GrpcClient.Request(GrpcClient.Inference + "ModelInfer", content);
        var call = server.Client.SendAsync(request, client.Token);
        await Eventually.TrueAsync(() => server.Metric(InFlight) > 0, "the inference to begin");
        await client.CancelAsync();
        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        await Eventually.TrueAsync(() => Stopped() > before, "the inference to stop");
        await Eventually.TrueAsync(() => server.Metric(InFlight) == 0, "nothing to be in flight");
    }

    [Fact]
    public async Task A_connection_that_breaks_stops_its_inferences()
    {
        var before = Stopped();
        var client = new GrpcClient(server.Runtime.Grpc);
        var calls = Enumerable.Range(0, 3).Select(_ => client.InferAsync(LoopModel.Request(LoopModel.Endless))).ToArray();
        await Eventually.TrueAsync(() => server.Metric(InFlight) >= 3, "the inferences to begin");
        client.Dispose();
        foreach (var call in calls)
            await FluentActions.Awaiting(() => call).Should().ThrowAsync<Exception>();
        await Eventually.TrueAsync(() => Stopped() >= before + 3, "the inferences to stop");
    }

    [Fact]
    public async Task A_deadline_ends_the_wait_for_a_turn()
    {
        using var client = new CancellationTokenSource();
        var running = Enumerable.Range(0, 4).Select(_ => Begin(client.Token)).ToArray();
        await Eventually.TrueAsync(() => server.Metric(InFlight) >= 4, "all calls to be there");

        // A call that is there may not have its turn yet; once all have, nobody else gets one.
        await Eventually.TrueAsync(
            async () => (await server.Client.InferAsync(InferMessage.Iris(), ("grpc-timeout", "50m"))).Code == DeadlineExceeded,
            "a call that is over before its turn");
        await client.CancelAsync();
        foreach (var call in running)
            await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        (await server.Client.InferAsync(InferMessage.Iris())).Code.Should().Be(0);
    }

    private double Stopped() => server.Metric(
        $"sluice_requests_total{{model=\"loop\",version=\"1\",revision=\"grpc-test\",protocol=\"grpc\",code=\"{Cancelled}\"}}");

    private async Task<GrpcAnswer> Begin(CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(GrpcClient.Frame(LoopModel.Request(LoopModel.Endless)));
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        using var request = GrpcClient.Request(GrpcClient.Inference + "ModelInfer", content);
        return await server.Client.SendAsync(request, cancellation);
    }

    /// <summary>A message that is announced and does not come.</summary>
    private sealed class EndlessContent : HttpContent
    {
        private readonly TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Stop() => stop.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0, 0, 100, 1, 2, 3 });
            await stream.FlushAsync();
            await stop.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
