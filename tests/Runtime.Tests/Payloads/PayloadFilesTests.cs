using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Payloads;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Runtime.Tests.Payloads;

/// <summary>A volume as a sink: its bound, and the books when it is full, away or hanging.</summary>
public sealed class PayloadFilesTests : IDisposable
{
    private static readonly byte[] Row = """{"instances":[[5.1,3.5,1.4,0.2]]}"""u8.ToArray();

    private readonly string root = Directory.CreateTempSubdirectory("sluice-payloads").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Files_of_a_folder_stay_within_their_room_and_the_oldest_go_first()
    {
        var folder = Path.Combine(root, "iris");
        await using var log = Log(new PayloadSettings { Folder = folder, FolderBytes = 1 << 20, QueueBytes = 4 << 20 }, out var books);

        for (var i = 0; i < 6000; i++)
        {
            log.Offer(Event($"{i}"));
            if (i % 1000 == 999)
                await Eventually.TrueAsync(() => books.Queued.Value == 0, "the events to be written");
        }
        await log.FlushAsync();

        (books.Eligible.Value, books.Sent.Value, books.QueuedBytes.Value).Should().Be((6000, 6000, 0));
        var files = Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).ToList();
        files.Sum(static f => new FileInfo(f).Length).Should().BeInRange(512 << 10, 1 << 20);
        files.Should().OnlyContain(static f => new FileInfo(f).Length <= 128 << 10);
        var ids = files.SelectMany(File.ReadAllLines).Select(static l => int.Parse(JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()!)).ToList();
        ids.Should().Equal(Enumerable.Range(6000 - ids.Count, ids.Count), "the latest are there, whole and in order");
    }

    [Fact]
    public async Task Pods_that_share_a_folder_have_files_of_their_own_and_make_room_of_those_of_pods_that_are_gone()
    {
        var line = Encoding.UTF8.GetBytes(new string('x', 999) + "\n");
        await using var one = new RotatingFiles(root, "a", 16_000, new ManualTime());
        await using var other = new RotatingFiles(root, "b", 16_000, new ManualTime());

        await one.WriteAsync(line);
        for (var i = 0; i < 50; i++)
            await other.WriteAsync(line);
        Directory.GetFiles(root, "a-*").Should().BeEmpty("it was the oldest");
        await one.WriteAsync(line);

        Directory.GetFiles(root, "a-*").Should().ContainSingle().Which.Should().Match(static f => new FileInfo(f).Length == 1000);
        Directory.GetFiles(root).Sum(static f => new FileInfo(f).Length).Should().BeLessThanOrEqualTo(16_000);
    }

    [Fact]
    public async Task A_disk_that_is_full_costs_the_events_and_the_books_balance()
    {
        // Every write to it fails as on a disk without room.
        await using var log = Log(new PayloadSettings { File = "/dev/full" }, out var books);

        for (var i = 0; i < 10; i++)
            log.Offer(Event($"{i}"));
        await log.FlushAsync();

        (books.Eligible.Value, books.Failed.Value, books.Sent.Value, books.Queued.Value, books.QueuedBytes.Value).Should().Be((10, 10, 0, 0, 0));
    }

    [Fact]
    public async Task A_volume_that_cannot_be_written_gets_what_comes_once_it_can()
    {
        var folder = Path.Combine(root, "later");
        await File.WriteAllTextAsync(folder, "a file where the folder should be");
        await using var log = Log(new PayloadSettings { Folder = folder }, out var books);

        log.Offer(Event("lost"));
        await Eventually.TrueAsync(() => books.Failed.Value == 1, "the first to fail");
        File.Delete(folder);
        log.Offer(Event("kept"));
        await log.FlushAsync();

        (books.Eligible.Value, books.Sent.Value, books.Failed.Value, books.Queued.Value).Should().Be((2, 1, 1, 0));
        (await File.ReadAllTextAsync(Directory.GetFiles(folder).Single())).Should().Contain("\"kept\"").And.NotContain("\"lost\"");
    }

    [Fact]
    public async Task A_write_that_hangs_holds_up_the_log_alone_and_its_events_are_written_once()
    {
        var released = new TaskCompletionSource();
        var written = new List<string>();
        var sink = new LineSink(
            async lines =>
            {
                var text = Encoding.UTF8.GetString(lines.Span);
                await released.Task;
                written.AddRange(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            },
            static () => ValueTask.CompletedTask);
        var settings = new PayloadSettings { Timeout = TimeSpan.FromMilliseconds(1), Backoff = TimeSpan.FromMilliseconds(1), Attempts = int.MaxValue, FlushTimeout = TimeSpan.FromMinutes(5), QueueBytes = 10_000 };
        await using var log = new PayloadLog(settings, sink, Books(out var books), TimeProvider.System, NullLogger.Instance);

        for (var i = 0; i < 100; i++)
            log.Offer(Event($"{i}"));
        var dropped = (int)books.Dropped.Value;
        dropped.Should().BeInRange(1, 99);
        (books.Eligible.Value, books.Queued.Value).Should().Be((100, 100 - dropped));
        released.SetResult();
        await log.FlushAsync();

        (books.Sent.Value, books.Failed.Value, books.Queued.Value, books.QueuedBytes.Value).Should().Be((100 - dropped, 0, 0, 0));
        written.Should().HaveCount(100 - dropped).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_a_volume_that_hangs()
    {
        var sink = new LineSink(static _ => new TaskCompletionSource().Task, static () => ValueTask.CompletedTask);
        await using var log = new PayloadLog(
            new PayloadSettings { Timeout = TimeSpan.FromMinutes(5), FlushTimeout = TimeSpan.FromMilliseconds(20) }, sink, Books(out var books), TimeProvider.System, NullLogger.Instance);
        for (var i = 0; i < 10; i++)
            log.Offer(Event($"{i}"));

        await log.FlushAsync();

        (books.Eligible.Value, books.Dropped.Value, books.Queued.Value, books.QueuedBytes.Value).Should().Be((10, 10, 0, 0));
    }

    [Fact]
    public async Task A_batch_goes_when_it_is_full_or_when_its_interval_is_over()
    {
        var time = new ManualTime();
        var batches = new System.Collections.Concurrent.ConcurrentQueue<int>();
        var sink = new LineSink(
            lines =>
            {
                batches.Enqueue(Encoding.UTF8.GetString(lines.Span).Count(static c => c == '\n'));
                return Task.CompletedTask;
            },
            static () => ValueTask.CompletedTask);
        await using var log = new PayloadLog(
            new PayloadSettings { Batch = 10, Interval = TimeSpan.FromMinutes(1), Timeout = TimeSpan.FromHours(5) }, sink, Books(out var books), time, NullLogger.Instance);

        for (var i = 0; i < 10; i++)
            log.Offer(Event($"{i}"));
        await Eventually.TrueAsync(() => batches.SequenceEqual([10]), "the full batch");
        for (var i = 0; i < 3; i++)
            log.Offer(Event($"more-{i}"));
        books.Queued.Value.Should().Be(3);
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return books.Queued.Value == 0;
            },
            "the others to go after a while");
        log.Offer(Event("last"));
        await log.FlushAsync();

        batches.Sum().Should().Be(14);
        (books.Eligible.Value, books.Sent.Value).Should().Be((14, 14));
    }

    private static PayloadLog Log(PayloadSettings settings, out PayloadBooks books)
    {
        settings = settings with { Attempts = 2, Backoff = TimeSpan.FromMilliseconds(1), Timeout = TimeSpan.FromMinutes(5), FlushTimeout = TimeSpan.FromMinutes(5) };
        return new PayloadLog(settings, PayloadLog.SinkFor(settings, TimeProvider.System), Books(out books), TimeProvider.System, NullLogger.Instance);
    }

    private static PayloadBooks Books(out PayloadBooks books) => books = new PayloadBooks(new MetricRegistry());

    private static PayloadEvent Event(string id) =>
        new(id, PayloadTypes.Request, "iris", "r1", TimeProvider.System.GetUtcNow(), "application/json", Row, null, null);
}
