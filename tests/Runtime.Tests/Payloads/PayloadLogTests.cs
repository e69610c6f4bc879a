using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sluice.Runtime.Payloads;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support;

namespace Sluice.Runtime.Tests.Payloads;

public sealed class PayloadLogTests
{
    private const string Row = """{"instances":[[5.1,3.5,1.4,0.2]]}""";

    [Fact]
    public async Task A_request_and_its_answer_are_posted_as_KServe_posts_them()
    {
        await using var sink = await EventSink.StartAsync();
        await using var runtime = await StartAsync(sink, static s => s with { Headers = ["x-user", "x-none"] });

        var answer = await runtime.SendAsync(
            HttpMethod.Post, "/v1/models/iris:predict", Encoding.UTF8.GetBytes(Row), "application/json", ("x-request-id", "r-1"), ("x-user", "zoe"));
        var failure = await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[1]]}""");
        await BalancedAsync(runtime, sent: 4);

        failure.Status.Should().Be(400);
        var events = sink.Taken.ToList();
        var request = events.Single(static e => e.Headers["ce-id"] == "r-1" && e.Headers["ce-type"] == "org.kubeflow.serving.inference.request");
        var response = events.Single(static e => e.Headers["ce-id"] == "r-1" && e.Headers["ce-type"] == "org.kubeflow.serving.inference.response");
        Encoding.UTF8.GetString(request.Body).Should().Be(Row);
        response.Body.Should().Equal(answer.Body);
        foreach (var (headers, _) in (ReadOnlySpan<(Dictionary<string, string> Headers, byte[] Body)>)[request, response])
        {
            headers["ce-specversion"].Should().Be("1.0");
            headers["ce-inferenceservicename"].Should().Be("iris");
            headers["ce-component"].Should().Be("predictor");
            headers["ce-endpoint"].Should().Be("r1");
            headers["ce-source"].Should().Be("/v1/models/iris");
            headers["content-type"].Should().Be("application/json");
            JsonDocument.Parse(headers["ce-metadata"]).RootElement.EnumerateObject().Should().ContainSingle().Which.Name.Should().Be("x-user");
            DateTimeOffset.Parse(headers["ce-time"]).Should().BeCloseTo(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(10));
        }
        response.Headers["ce-status"].Should().Be("200");
        events.Should().Contain(static e => e.Headers.ContainsKey("ce-status") && e.Headers["ce-status"] == "400");
        (await runtime.MetricsAsync()).Should().Contain("sluice_payload_events_total{result=\"sent\"} 4").And.Contain("sluice_payload_queued_events 0");
    }

    [Fact]
    public async Task Calls_over_gRPC_are_logged_in_their_frames()
    {
        await using var sink = await EventSink.StartAsync();
        await using var runtime = await StartAsync(sink);
        using var client = new GrpcClient(runtime.Server.Grpc);

        var answer = await client.InferAsync(InferMessage.Iris(), ("x-request-id", "g-1"));
        await BalancedAsync(runtime, sent: 2);

        answer.Code.Should().Be(0, answer.Message);
        var request = sink.Taken.Single(static e => e.Headers["ce-type"] == PayloadTypes.Request);
        request.Body.Should().Equal(GrpcClient.Frame(InferMessage.Iris()));
        (request.Headers["content-type"], request.Headers["ce-id"]).Should().Be(("application/grpc", "g-1"));
        var response = sink.Taken.Single(static e => e.Headers["ce-type"] == PayloadTypes.Response);
        response.Headers["ce-status"].Should().Be("0");
        response.Body[5..].Should().Equal(answer.Payload);
    }

    [Fact]
    public async Task A_sink_that_fails_for_a_while_gets_the_event_in_the_end()
    {
        await using var sink = await EventSink.StartAsync();
        var asked = 0;
        sink.Behave = context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref asked) <= 2 ? 503 : 200;
            return Task.CompletedTask;
        };
        await using var runtime = await StartAsync(sink, static s => s with { Mode = PayloadMode.Request });

        await runtime.PostAsync("/v1/models/iris:predict", Row);

        await BalancedAsync(runtime, sent: 1);
        asked.Should().Be(3);
    }

    [Theory]
    [InlineData(500, 3)]
    [InlineData(400, 1)]
    public async Task What_a_sink_does_not_take_is_counted_as_failed(int status, int attempts)
    {
        await using var sink = await EventSink.StartAsync();
        var asked = 0;
        sink.Behave = context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        await using var runtime = await StartAsync(sink, static s => s with { Attempts = 3 });

        for (var i = 0; i < 5; i++)
            (await runtime.PostAsync("/v1/models/iris:predict", Row)).Status.Should().Be(200);

        await BalancedAsync(runtime, failed: 10);
        asked.Should().Be(10 * attempts);
    }

    [Fact]
    public async Task A_sink_that_is_gone_costs_its_events_and_nothing_else()
    {
        // Bound, so that nobody else gets the port, and not listening.
        using var port = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var runtime = await StartAsync(new Uri($"http://{port.LocalEndPoint}/"), static s => s with { Attempts = 2 });

        for (var i = 0; i < 5; i++)
            (await runtime.PostAsync("/v1/models/iris:predict", Row)).Status.Should().Be(200);

        await BalancedAsync(runtime, failed: 10);
    }

    [Fact]
    public async Task A_sink_that_hangs_holds_up_no_request_and_no_more_than_the_queue()
    {
        await using var sink = await EventSink.StartAsync();
        var released = new TaskCompletionSource();
        sink.Behave = async context =>
        {
            await released.Task.WaitAsync(context.RequestAborted);
            context.Response.StatusCode = 202;
        };
        await using var runtime = await StartAsync(
            sink, static s => s with { QueueBytes = 20_000, Timeout = TimeSpan.FromMinutes(5), FlushTimeout = TimeSpan.FromMinutes(5) });

        for (var i = 0; i < 50; i++)
            (await runtime.PostAsync("/v1/models/iris:predict", Row)).Status.Should().Be(200);

        var books = runtime.Server.State.Payloads!.Books;
        await Eventually.TrueAsync(
            () => books.Eligible.Value == 100 && books.Sent.Value + books.Dropped.Value + books.Failed.Value + books.Queued.Value == 100, "all are booked");
        books.Queued.Value.Should().BeInRange(1, 40);
        books.QueuedBytes.Value.Should().BeInRange(1, 20_000);
        var queued = (int)books.Queued.Value;
        released.SetResult();
        await BalancedAsync(runtime, sent: queued, dropped: 100 - queued);
        (await runtime.PostAsync("/v1/models/iris:predict", Row)).Status.Should().Be(200);
        await BalancedAsync(runtime, sent: queued + 2, dropped: 100 - queued);
    }

    [Fact]
    public async Task Stopping_sends_what_is_queued()
    {
        await using var sink = await EventSink.StartAsync();
        PayloadBooks books;
        await using (var runtime = await StartAsync(sink))
        {
            for (var i = 0; i < 30; i++)
                await runtime.PostAsync("/v1/models/iris:predict", Row);
            books = runtime.Server.State.Payloads!.Books;
        }

        sink.Taken.Should().HaveCount(60);
        (books.Sent.Value, books.Queued.Value, books.QueuedBytes.Value).Should().Be((60, 0, 0));
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_a_sink_that_hangs_and_the_books_balance()
    {
        await using var sink = await EventSink.StartAsync();
        sink.Behave = static context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        PayloadBooks books;
        await using (var runtime = await StartAsync(sink, static s => s with { Timeout = TimeSpan.FromMinutes(5), FlushTimeout = TimeSpan.FromMilliseconds(50) }))
        {
            for (var i = 0; i < 10; i++)
                await runtime.PostAsync("/v1/models/iris:predict", Row);
            books = runtime.Server.State.Payloads!.Books;
        }

        (books.Eligible.Value, books.Dropped.Value, books.Queued.Value).Should().Be((20, 20, 0));
    }

    [Fact]
    public async Task Several_events_are_posted_as_a_batch()
    {
        await using var sink = await EventSink.StartAsync();
        var first = new TaskCompletionSource();
        sink.Behave = async context =>
        {
            await first.Task;
            context.Response.StatusCode = 200;
        };
        await using var runtime = await StartAsync(sink, static s => s with { Batch = 50, Timeout = TimeSpan.FromMinutes(5) });
        for (var i = 0; i < 20; i++)
            await runtime.PostAsync("/v1/models/iris:predict", Row);
        first.SetResult();
        await BalancedAsync(runtime, sent: 40);

        var batches = sink.Taken.Where(static e => e.Headers["content-type"] == "application/cloudevents-batch+json").ToList();
        batches.Should().NotBeEmpty();
        var events = batches.SelectMany(static b => JsonDocument.Parse(b.Body).RootElement.EnumerateArray()).ToList();
        events.Should().OnlyContain(static e => e.GetProperty("specversion").GetString() == "1.0" && e.GetProperty("data").ValueKind == JsonValueKind.Object);
        (events.Count + sink.Taken.Count - batches.Count).Should().Be(40);
    }

    [Fact]
    public async Task Lines_are_written_to_a_file()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-payloads").FullName;
        var file = Path.Combine(folder, "payloads.jsonl");
        await using (var runtime = await StartAsync((Uri?)null, s => s with { File = file }))
        {
            await runtime.PostAsync("/v1/models/iris:predict", "{\n\"instances\":[[5.1,3.5,1.4,0.2]]}");
            await runtime.PostAsync("/v1/models/iris:predict", Row);
        }

        var lines = (await File.ReadAllLinesAsync(file)).Select(static l => JsonDocument.Parse(l).RootElement).ToList();
        lines.Select(static l => l.GetProperty("type").GetString()).Should().Equal(
            PayloadTypes.Request, PayloadTypes.Response, PayloadTypes.Request, PayloadTypes.Response);
        lines[0].GetProperty("data_base64").GetBytesFromBase64().Should().Contain((byte)'\n');
        lines[2].GetProperty("data").GetProperty("instances")[0][0].GetDouble().Should().Be(5.1);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_must_not_be_logged_is_taken_out_or_the_event_is_withheld()
    {
        await using var sink = await EventSink.StartAsync();
        await using var runtime = await StartAsync(sink, static s => s with { Exclude = ["income", "output_probability", "loan_amount"] }, "credit/1", "credit");
        await runtime.PostAsync(
            "/v1/models/credit:predict", """{"instances":[{"income":12345,"age":35,"loan_amount":54321,"employment_years":5,"credit_history":"good"}]}""");
        await runtime.PostAsync("/v1/models/credit:predict", """{"instances":[{"income":"12345"}]}""");
        await runtime.PostAsync("/v1/models/credit:predict", """{"instances":[[12345]]}""");
        await runtime.PostAsync(
            "/v2/models/credit/infer", """{"inputs":[{"name":"income","shape":[1,1],"datatype":"FP32","data":[12345]},{"name":"age","shape":[1,1],"datatype":"FP32","data":[35]}]}""");
        await runtime.PostAsync("/v1/models/credit:predict", """{"instances":[{"income":12345""");

        await BalancedAsync(runtime, sent: 9, dropped: 1);

        var all = string.Join('\n', sink.Taken.Select(static e => Encoding.UTF8.GetString(e.Body)));
        all.Should().NotContain("12345").And.NotContain("54321").And.NotContain("output_probability");
        all.Should().Contain("\"age\":35").And.Contain("\"credit_history\":\"good\"").And.Contain("\"data\":[35]").And.Contain("\"label\"");
    }

    [Fact]
    public async Task The_same_share_of_ids_is_drawn_everywhere()
    {
        await using var sink = await EventSink.StartAsync();
        await using var runtime = await StartAsync(sink, static s => s with { SamplePercent = 20 });
        await using var other = await StartAsync(sink, static s => s with { SamplePercent = 20 });
        var ids = Enumerable.Range(0, 10_000).Select(static i => $"id-{i}").ToList();

        var drawn = ids.Where(runtime.Server.State.Payloads!.IsDrawn).ToList();

        drawn.Count.Should().BeInRange(1800, 2200);
        ids.Where(other.Server.State.Payloads!.IsDrawn).Should().Equal(drawn);
        foreach (var id in (string[])[drawn[0], ids.Except(drawn).First()])
            await runtime.SendAsync(HttpMethod.Post, "/v1/models/iris:predict", Encoding.UTF8.GetBytes(Row), "application/json", ("x-request-id", id));
        await BalancedAsync(runtime, sent: 2);
        sink.Taken.Should().OnlyContain(e => e.Headers["ce-id"] == drawn[0]);
    }

    private static Task<TestRuntime> StartAsync(
        EventSink sink, Func<PayloadSettings, PayloadSettings>? adjust = null, string model = "iris/2", string name = "iris") =>
        StartAsync(sink.Address, adjust, model, name);

    private static Task<TestRuntime> StartAsync(
        Uri? sink, Func<PayloadSettings, PayloadSettings>? adjust = null, string model = "iris/2", string name = "iris")
    {
        var settings = new PayloadSettings { Sink = sink, Backoff = TimeSpan.FromMilliseconds(1), Timeout = TimeSpan.FromMinutes(1), FlushTimeout = TimeSpan.FromMinutes(1) };
        return TestRuntime.StartAsync(model, name, s => s with { Payloads = adjust?.Invoke(settings) ?? settings });
    }

    private static async Task BalancedAsync(TestRuntime runtime, int sent = 0, int dropped = 0, int failed = 0)
    {
        var books = runtime.Server.State.Payloads!.Books;
        // An answer is logged after the caller has it.
        await Eventually.TrueAsync(
            () => books.Queued.Value == 0 && books.Sent.Value + books.Dropped.Value + books.Failed.Value == sent + dropped + failed,
            () => $"{books.Eligible.Value} = {books.Sent.Value} + {books.Dropped.Value} + {books.Failed.Value} + {books.Queued.Value}");
        books.Eligible.Value.Should().Be(sent + dropped + failed);
        (books.Sent.Value, books.Dropped.Value, books.Failed.Value, books.QueuedBytes.Value).Should().Be((sent, dropped, failed, 0));
    }
}
