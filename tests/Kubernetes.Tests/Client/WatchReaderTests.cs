using System.Text;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Tests.Fakes;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Client;

public sealed class WatchReaderTests
{
    private static readonly string Line = $$"""{"type":"ADDED","object":{{Answer.Map("a", "5")}}}""" + "\n";

    private static async Task<List<WatchEvent<ConfigMap>>> ReadAsync(Stream body)
    {
        List<WatchEvent<ConfigMap>> events = [];
        await foreach (var item in new WatchReader<ConfigMap>(body, "/x", null, TimeProvider.System).ReadAsync(default))
            events.Add(item);
        return events;
    }

    private static Task<List<WatchEvent<ConfigMap>>> ReadAsync(string text, int chunk = int.MaxValue) =>
        ReadAsync(new Trickle(Encoding.UTF8.GetBytes(text), chunk));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Lines_are_found_however_the_bytes_arrive(int chunk)
    {
        var big = new string('x', 70_000);
        var events = await ReadAsync(Line + $$"""{"object":{{Answer.Map("b", "6", big)}},"type":"MODIFIED"}""" + "\n\n" + Line.Replace("ADDED", "DELETED"), chunk);

        events.Select(e => (e.Type, e.Object!.Metadata.Name, e.ResourceVersion)).Should().Equal(
            (WatchEventType.Added, "a", "5"), (WatchEventType.Modified, "b", "6"), (WatchEventType.Deleted, "a", "5"));
        events[1].Object!.Data!["v"].Should().HaveLength(70_000);
    }

    [Fact]
    public async Task A_cut_last_line_is_dropped()
    {
        (await ReadAsync(Line + Line[..40])).Should().HaveCount(1);
        (await ReadAsync(Line + Line.TrimEnd('\n'))).Should().HaveCount(1, "without its newline nobody knows that the line is whole");
        (await ReadAsync("")).Should().BeEmpty();
    }

    [Fact]
    public async Task An_object_that_cannot_be_read_costs_only_itself()
    {
        var events = await ReadAsync($$"""{"type":"ADDED","object":{{Answer.Poison("p", "8")}}}""" + "\n" + Line);

        events[0].Object.Should().BeNull();
        events[0].Broken.Should().BeEquivalentTo(new { Key = new ObjectKey("ns", "p"), Uid = "uid-p", ResourceVersion = "8" });
        events[0].ResourceVersion.Should().Be("8");
        events[1].Object!.Metadata.Name.Should().Be("a");
    }

    [Fact]
    public async Task A_bookmark_is_a_version_without_an_object()
    {
        var events = await ReadAsync("""{"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":"77","annotations":{"a":"b"}}}}""" + "\n");

        events.Should().Equal(new WatchEvent<ConfigMap>(WatchEventType.Bookmark, null, null, "77"));
    }

    [Fact]
    public async Task An_error_event_is_thrown_with_code_and_wait()
    {
        var status = Answer.StatusJson(429, "TooManyRequests", details: """{"retryAfterSeconds":4}""");

        var error = (await FluentActions.Awaiting(() => ReadAsync($$"""{"type":"ERROR","object":{{status}}}""" + "\n"))
            .Should().ThrowAsync<KubeApiException>().WithMessage("WATCH /x: 429 TooManyRequests: because")).Which;

        error.RetryAfter.Should().Be(TimeSpan.FromSeconds(4));
        (await FluentActions.Awaiting(() => ReadAsync("""{"type":"ERROR","object":7}""" + "\n")).Should().ThrowAsync<KubeApiException>())
            .Which.Code.Should().Be(System.Net.HttpStatusCode.InternalServerError);
    }

    [Theory]
    [InlineData("nonsense\n", "*not a watch event*")]
    [InlineData("{\"type\":\"ADDED\"}\n", "*not a watch event*")]
    [InlineData("{\"type\":\"SHOUTED\",\"object\":{}}\n", "*unknown event type 'SHOUTED'*")]
    public async Task A_whole_line_that_is_no_event_is_an_error(string text, string message) =>
        await FluentActions.Awaiting(() => ReadAsync(text)).Should().ThrowAsync<InvalidDataException>().WithMessage(message);

    [Fact]
    public async Task A_line_without_end_is_not_kept_forever() =>
        await FluentActions.Awaiting(() => ReadAsync(new Endless())).Should().ThrowAsync<InvalidDataException>().WithMessage("*longer than 33554432 bytes*");

    [Fact]
    public async Task Silence_beyond_the_servers_own_limit_is_an_error()
    {
        var time = new ManualTime();
        var reader = new WatchReader<ConfigMap>(new Silent(Encoding.UTF8.GetBytes(Line)), "/x", TimeSpan.FromMinutes(5), time);
        await using var events = reader.ReadAsync(default).GetAsyncEnumerator();
        (await events.MoveNextAsync()).Should().BeTrue();

        var next = events.MoveNextAsync().AsTask();
        await time.ArmedAsync(TimeSpan.FromSeconds(305), TimeSpan.FromSeconds(305));
        time.Advance(TimeSpan.FromSeconds(304));
        next.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        await FluentActions.Awaiting(() => Eventually.WithinAsync(next, "the error")).Should().ThrowAsync<TimeoutException>().WithMessage("WATCH /x: silent for*");
    }

    /// <summary>Hands out a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }

    private sealed class Endless : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            return ValueTask.FromResult(buffer.Length);
        }
    }

    /// <summary>Says one thing, then nothing, without ending.</summary>
    private sealed class Silent(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                return read;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }
    }
}
