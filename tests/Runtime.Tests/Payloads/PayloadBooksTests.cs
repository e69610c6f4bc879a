using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Payloads;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Payloads;

/// <summary>eligible = sent + dropped + failed + queued, whatever the sink or the pod does. More of it is in <see cref="PayloadLogTests"/>.</summary>
public sealed class PayloadBooksTests
{
    private static readonly byte[] Row = """{"instances":[[5.1,3.5,1.4,0.2]]}"""u8.ToArray();

    [Fact]
    public async Task A_sink_that_is_slow_gets_everything_that_fits_into_the_queue_in_the_end()
    {
        await using var sink = await EventSink.StartAsync();
        using var turns = new SemaphoreSlim(0);
        sink.Behave = async context =>
        {
            await turns.WaitAsync(context.RequestAborted);
            context.Response.StatusCode = 202;
        };
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris", s => s with
        {
            Payloads = new PayloadSettings { Sink = sink.Address, Timeout = TimeSpan.FromMinutes(5), FlushTimeout = TimeSpan.FromMinutes(5) },
        });
        var books = runtime.Server.State.Payloads!.Books;

        for (var i = 0; i < 30; i++)
        {
            (await runtime.SendAsync(HttpMethod.Post, "/v1/models/iris:predict", Row)).Status.Should().Be(200);
            turns.Release();
        }

        await Eventually.TrueAsync(() => books.Sent.Value == 30 && books.Queued.Value == 30, () => $"half of them to be sent; {Text(books)}");
        (books.Eligible.Value, books.Dropped.Value + books.Failed.Value).Should().Be((60, 0));
        turns.Release(30);
        await Eventually.TrueAsync(() => books.Sent.Value == 60 && books.Queued.Value == 0, () => $"the rest; {Text(books)}");
        sink.Taken.Should().HaveCount(60);
        books.QueuedBytes.Value.Should().Be(0);
    }

    [Fact]
    public async Task A_fault_of_the_sender_costs_its_events_and_it_goes_on()
    {
        var sink = new FaultySink();
        var books = new PayloadBooks(new MetricRegistry());
        await using var log = new PayloadLog(new PayloadSettings(), sink, books, TimeProvider.System, NullLogger.Instance);

        for (var i = 0; i < 10; i++)
            log.Offer(new PayloadEvent($"{i}", PayloadTypes.Request, "m", "r", TimeProvider.System.GetUtcNow(), "application/json", Row, null, null));
        await log.FlushAsync();

        (books.Eligible.Value, books.Failed.Value, books.Sent.Value, books.Queued.Value).Should().Be((10, 5, 5, 0));
    }

    [Fact]
    public async Task Of_a_pod_that_is_killed_the_sink_has_all_that_was_counted_as_sent_and_lacks_what_was_queued()
    {
        await using var sink = await EventSink.StartAsync();
        using var turns = new SemaphoreSlim(20);
        sink.Behave = async context =>
        {
            await turns.WaitAsync(context.RequestAborted);
            context.Response.StatusCode = 202;
        };
        await using var pod = await StartAsync(sink);

        await PostAsync(pod.Http, 40);

        // 20 are sent; the others wait for their turn and will never get it.
        await Eventually.TrueAsync(async () => await BooksAsync(pod) is (80, 20, 0, 0, 60), "the books to say 80 = 20 + 0 + 0 + 60");
        await pod.Program.SignalAsync("KILL");
        await pod.Program.ExitAsync(TimeSpan.FromMinutes(1));

        sink.Taken.Should().HaveCount(20);
        sink.Taken.Select(static e => $"{e.Headers["ce-id"]} {e.Headers["ce-type"]}").Should().OnlyHaveUniqueItems();
        sink.Behave = static context =>
        {
            context.Response.StatusCode = 202;
            return Task.CompletedTask;
        };
        await using var next = await StartAsync(sink);
        await PostAsync(next.Http, 1);
        await Eventually.TrueAsync(async () => await BooksAsync(next) is (2, 2, 0, 0, 0), "the next pod's own books");
    }

    private static Task<RuntimeProgram> StartAsync(EventSink sink) => RuntimeProgram.StartAsync(
        TestModels.Folder("iris/2"), "--name", "iris", "--payload-log", "all", "--payload-log-to", sink.Address.ToString(), "--payload-log-timeout", "10m");

    private static async Task PostAsync(Uri http, int times)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = http };
        for (var i = 0; i < times; i++)
        {
            using var content = new ByteArrayContent(Row);
            content.Headers.ContentType = new("application/json");
            using var answer = await client.PostAsync("/v1/models/iris:predict", content);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static async Task<(double Eligible, double Sent, double Dropped, double Failed, double Queued)> BooksAsync(RuntimeProgram pod)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        var lines = (await client.GetStringAsync(new Uri(pod.Admin, "/metrics"))).Split('\n');
        return (Read("events_total{result=\"eligible\"}"), Read("events_total{result=\"sent\"}"), Read("events_total{result=\"dropped\"}"), Read("events_total{result=\"failed\"}"), Read("queued_events"));

        double Read(string series) => lines.Where(l => l.StartsWith($"sluice_payload_{series} ", StringComparison.Ordinal))
            .Select(static l => double.Parse(l.AsSpan(l.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture)).SingleOrDefault();
    }

    private static string Text(PayloadBooks books) =>
        $"{books.Eligible.Value} = {books.Sent.Value} + {books.Dropped.Value} + {books.Failed.Value} + {books.Queued.Value}";

    /// <summary>Fails at every second event in a way that nobody foresaw.</summary>
    private sealed class FaultySink : IPayloadSink
    {
        public int Senders => 1;

        public Task<Delivery> SendAsync(IReadOnlyList<PayloadEvent> events, CancellationToken cancellation) =>
            int.Parse(events[0].Id, CultureInfo.InvariantCulture) % 2 == 0
                ? Task.FromResult(Delivery.Done)
                : throw new InvalidOperationException("Nobody foresaw this.");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
