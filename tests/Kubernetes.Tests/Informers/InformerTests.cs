using Microsoft.Extensions.Logging;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Tests.Fakes;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Informers;

public sealed class InformerTests : IAsyncLifetime
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(800);
    private readonly ManualTime _time = new();
    private FakeApi _api = null!;

    public async Task InitializeAsync() => _api = await FakeApi.StartAsync();

    public Task DisposeAsync() => _api.DisposeAsync().AsTask();

    private Watched Watch(Func<InformerOptions, InformerOptions>? change = null) => new(_api, _time, change);

    private Task WatchesAsync(int count) => Eventually.TrueAsync(() => _api.WatchRequests.Count >= count, () => $"{count} watches; there were {_api.WatchRequests.Count}");

    private Task ListsAsync(int count) => Eventually.TrueAsync(() => _api.ListRequests.Count >= count, () => $"{count} lists; there were {_api.ListRequests.Count}");

    /// <summary>Waits until the informer waits for exactly this long, then lets that time pass.</summary>
    private async Task WaitOutAsync(TimeSpan wait)
    {
        await _time.ArmedAsync(wait, wait);
        _time.Advance(wait);
    }

    // 1, 2
    [Fact]
    public async Task A_list_comes_in_pages_and_shows_only_when_it_is_whole()
    {
        var lastPage = new TaskCompletionSource();
        _api.Lists.Enqueue(Answer.Page("10", "two", Answer.Map("a", "1")));
        _api.Lists.Enqueue(async (api, context) =>
        {
            await lastPage.Task;
            await Answer.Page("11", null, Answer.Map("b", "2"))(api, context);
        });
        await using var watched = Watch();

        await ListsAsync(2);
        (watched.Told.Count, watched.Informer.Store.Count, watched.Informer.Synced.IsCompleted).Should().Be((0, 0, false));
        lastPage.SetResult();
        await Eventually.WithinAsync(watched.Informer.Synced, "the first list");

        watched.Told.Should().BeEquivalentTo("new a=x", "new b=x");
        _api.ListRequests.Select(r => (r.Query("limit"), r.Query("continue"), r.Query("resourceVersion")))
            .Should().Equal(("500", null, null), ("500", "two", null));
        await WatchesAsync(1);
        _api.WatchRequests[0].Query("resourceVersion").Should().Be("10", "all pages are of the moment of the first");
    }

    // 1
    [Fact]
    public async Task A_continuation_that_expired_starts_the_list_again_in_one_piece()
    {
        _api.Lists.Enqueue(Answer.Page("10", "two", Answer.Map("a", "1"), Answer.Map("ghost", "1")));
        _api.Lists.Enqueue(Answer.Status(410, "Expired"));
        _api.Lists.Enqueue(Answer.List("12", Answer.Map("a", "1"), Answer.Map("b", "2")));
        await using var watched = Watch();

        await Eventually.WithinAsync(watched.Informer.Synced, "the list");

        watched.Told.Should().BeEquivalentTo("new a=x", "new b=x");
        _api.ListRequests.Select(r => (r.Query("limit"), r.Query("continue"))).Should().Equal(("500", null), ("500", "two"), (null, null));
    }

    // 2
    [Fact]
    public async Task What_went_unseen_is_told_after_the_next_list()
    {
        _api.Lists.Enqueue(Answer.List("10", Answer.Map("a", "1"), Answer.Map("b", "2"), Answer.Map("c", "3")));
        _api.Watches.Enqueue(Answer.Status(410, "Expired"));
        _api.Lists.Enqueue(Answer.List("20", Answer.Map("a", "1"), Answer.Map("c", "13", "y"), Answer.Map("d", "14")));
        await using var watched = Watch();

        await WatchesAsync(2);

        watched.Told.Skip(3).Should().BeEquivalentTo("c=x->y", "new d=x", "gone b");
        watched.Told[^1].Should().Be("gone b", "deletions come last");
        _api.ListRequests[1].Query("resourceVersion").Should().BeNull();
        _api.WatchRequests[1].Query("resourceVersion").Should().Be("20");
    }

    // 3
    [Fact]
    public async Task A_watch_begins_at_the_list_asks_for_bookmarks_and_has_a_random_end()
    {
        _api.Lists.Enqueue(Answer.List("10"));
        for (var i = 0; i < 20; i++)
            _api.Watches.Enqueue(Answer.Watch(Answer.Bookmark("11")));
        await using var watched = Watch(o => o with { LabelSelector = "a=b", FieldSelector = "metadata.name=x" });

        await WatchesAsync(20);

        var first = _api.WatchRequests[0];
        first.Query("resourceVersion").Should().Be("10");
        first.Query("allowWatchBookmarks").Should().Be("true");
        (first.Query("labelSelector"), first.Query("fieldSelector")).Should().Be(("a=b", "metadata.name=x"));
        (_api.ListRequests[0].Query("labelSelector"), _api.ListRequests[0].Query("fieldSelector")).Should().Be(("a=b", "metadata.name=x"));
        var ends = _api.WatchRequests.Select(r => int.Parse(r.Query("timeoutSeconds")!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        ends.Should().OnlyContain(t => t >= 300 && t <= 600);
        ends.Distinct().Count().Should().BeGreaterThan(5);
    }

    // 4, 6
    [Fact]
    public async Task A_clean_end_resumes_at_once_from_the_last_version()
    {
        _api.Lists.Enqueue(Answer.List("10"));
        _api.Watches.Enqueue(Answer.Watch(Answer.Added(Answer.Map("a", "opaque-1"))));
        _api.Watches.Enqueue(Answer.Watch(Answer.Bookmark("Zz/9")));
        _api.Watches.Enqueue(Answer.Watch(Answer.Modified(Answer.Map("a", "3", "y")), Answer.Deleted(Answer.Map("a", "4", "y")), Answer.Hang));
        await using var watched = Watch();

        await watched.TellsAsync("new a=x", "a=x->y", "gone a");

        _api.WatchRequests.Select(r => r.Query("resourceVersion")).Should().Equal("10", "opaque-1", "Zz/9");
        _api.ListRequests.Should().HaveCount(1);
        _time.Elapsed.Should().Be(TimeSpan.Zero, "nobody waited");
        watched.Informer.Store.Count.Should().Be(0);
    }

    // 5
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_version_that_is_gone_means_a_new_list_at_once(bool asEvent)
    {
        _api.Lists.Enqueue(Answer.List("10", Answer.Map("a", "1")));
        _api.Watches.Enqueue(asEvent ? Answer.Watch(Answer.Error(410, "Expired")) : Answer.Status(410, "Gone"));
        _api.Lists.Enqueue(Answer.List("20", Answer.Map("a", "1")));
        await using var watched = Watch();

        await WatchesAsync(2);

        _api.WatchRequests[1].Query("resourceVersion").Should().Be("20");
        _time.Elapsed.Should().Be(TimeSpan.Zero);
        watched.Told.Should().Equal("new a=x");
    }

    // 5
    [Fact]
    public async Task Versions_that_are_gone_again_and_again_do_not_make_it_spin()
    {
        for (var i = 0; i < 3; i++)
        {
            _api.Lists.Enqueue(Answer.List("10"));
            _api.Watches.Enqueue(Answer.Watch(Answer.Error(410, "Expired")));
        }

        await using var watched = Watch();

        await WaitOutAsync(First);
        await ListsAsync(3);
    }

    // 5
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_busy_server_is_watched_again_from_the_same_version_when_it_said(bool asEvent)
    {
        _api.Lists.Enqueue(Answer.List("10"));
        _api.Watches.Enqueue(asEvent
            ? Answer.Watch(Answer.Error(429, "TooManyRequests", """{"retryAfterSeconds":13}"""))
            : Answer.Status(429, "TooManyRequests", retryAfter: 13));
        await using var watched = Watch();

        await WaitOutAsync(TimeSpan.FromSeconds(13));
        await WatchesAsync(2);

        _api.WatchRequests.Select(r => r.Query("resourceVersion")).Should().Equal("10", "10");
        _api.ListRequests.Should().HaveCount(1);
    }

    // 5
    public static TheoryData<string> Faults => ["500", "500 event", "drop", "drop in a line"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Any_other_trouble_is_waited_out_and_the_watch_goes_on(string fault)
    {
        _api.Lists.Enqueue(Answer.List("10"));
        _api.Watches.Enqueue(fault switch
        {
            "500" => Answer.Status(500, "InternalError"),
            "500 event" => Answer.Watch(Answer.Error(500, "InternalError")),
            "drop" => Answer.Watch(Answer.Drop),
            _ => Answer.Watch(Answer.Text("""{"type":"ADDED","obj"""), Answer.Drop),
        });
        _api.Watches.Enqueue(Answer.Watch(Answer.Added(Answer.Map("a", "11")), Answer.Hang));
        await using var watched = Watch();

        await WaitOutAsync(First);
        await watched.TellsAsync("new a=x");

        _api.WatchRequests.Select(r => r.Query("resourceVersion")).Should().Equal("10", "10");
        _api.ListRequests.Should().HaveCount(1);
        watched.Informer.Problem.Should().BeNull();
    }

    // 5: half a line, then a clean end: what was cut is sent again.
    [Fact]
    public async Task Half_a_line_is_not_an_event()
    {
        _api.Lists.Enqueue(Answer.List("10"));
        _api.Watches.Enqueue(Answer.Watch(Answer.Added(Answer.Map("a", "11")), Answer.Text("""{"type":"DELETED","object":{"metadata":{"name":"a","resour""")));
        _api.Watches.Enqueue(Answer.Watch(Answer.Modified(Answer.Map("a", "12", "y")), Answer.Hang));
        await using var watched = Watch();

        await watched.TellsAsync("new a=x", "a=x->y");

        _api.WatchRequests[1].Query("resourceVersion").Should().Be("11");
    }

    [Fact]
    public async Task A_line_that_is_no_event_is_made_good_by_a_list()
    {
        _api.Lists.Enqueue(Answer.List("10"));
        _api.Watches.Enqueue(Answer.Watch(Answer.Text("what?\n")));
        _api.Lists.Enqueue(Answer.List("20", Answer.Map("a", "15")));
        await using var watched = Watch();

        await WaitOutAsync(First);

        await watched.TellsAsync("new a=x");
    }

    // 6
    [Fact]
    public async Task An_end_at_once_and_without_an_event_is_an_error()
    {
        _api.Lists.Enqueue(Answer.List("10"));
        _api.Watches.Enqueue(Answer.Watch());
        await using var watched = Watch();

        await WaitOutAsync(First);
        await WatchesAsync(2);

        watched.Log.Lines.Should().Contain(l => l.Level == LogLevel.Warning && l.Message.Contains("ended at once and without an event"));
    }

    // 7
    [Fact]
    public async Task Waits_double_up_to_half_a_minute_and_start_again_after_two_healthy_ones()
    {
        _api.Lists.Enqueue(Answer.List("10"));
        for (var i = 0; i < 9; i++)
            _api.Watches.Enqueue(Answer.Status(500, "InternalError"));
        await using var watched = Watch();

        foreach (var wait in new[] { 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30 })
            await WaitOutAsync(TimeSpan.FromSeconds(wait));
        // The ninth comes after a long time without a failure.
        await _time.ArmedAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
        _api.Watches.Clear();
        _api.Watches.Enqueue(async (api, context) =>
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            await Answer.Status(500, "InternalError")(api, context);
        });
        _time.Advance(TimeSpan.FromSeconds(30));
        await WaitOutAsync(First);
        await WatchesAsync(11);
    }

    // 3: the server keeps silent for longer than it was asked to.
    [Fact]
    public async Task A_connection_that_died_silently_is_given_up()
    {
        _api.Lists.Enqueue(Answer.List("10"));
        _api.Watches.Enqueue(Answer.Watch(Answer.Hang));
        _api.Watches.Enqueue(Answer.Watch(Answer.Added(Answer.Map("a", "11")), Answer.Hang));
        await using var watched = new Watched(_api, _time, clientToo: true);

        var limit = await _time.ArmedAsync(TimeSpan.FromSeconds(305), TimeSpan.FromSeconds(605));
        _time.Advance(limit);
        await WaitOutAsync(First);

        await watched.TellsAsync("new a=x");
        _api.ListRequests.Should().HaveCount(1);
    }

    // 8
    [Fact]
    public async Task An_object_that_cannot_be_read_is_told_by_key_and_the_stream_goes_on()
    {
        _api.Lists.Enqueue(Answer.List("10", Answer.Map("a", "1"), Answer.Poison("p", "2")));
        _api.Watches.Enqueue(Answer.Watch(
            Answer.Modified(Answer.Poison("a", "11")),
            Answer.Added("""{"metadata":{}}"""),
            Answer.Added(Answer.Map("b", "12")),
            Answer.Modified(Answer.Map("p", "13", "healed")),
            Answer.Deleted(Answer.Poison("a", "14")),
            Answer.Hang));
        await using var watched = Watch();

        await Eventually.TrueAsync(() => watched.Told.Count == 6, () => string.Join(", ", watched.Told));

        watched.Told.Take(2).Should().BeEquivalentTo("new a=x", "broken p");
        watched.Told.Skip(2).Should().Equal("broken a", "new b=x", "new p=healed", "gone a");
        watched.Stored.Should().Equal("b=x", "p=healed");
        watched.Informer.Store.Broken(new ObjectKey("ns", "p")).Should().BeNull();
        watched.Log.Lines.Should().Contain(l => l.Message.StartsWith("ConfigMap ns/p cannot be read:"));
    }

    // 8
    [Fact]
    public async Task While_an_object_cannot_be_read_its_last_good_state_stays()
    {
        _api.Lists.Enqueue(Answer.List("10", Answer.Map("a", "1")));
        _api.Watches.Enqueue(Answer.Watch(Answer.Modified(Answer.Poison("a", "11")), Answer.Error(410, "Expired")));
        _api.Lists.Enqueue(Answer.List("20", Answer.Poison("a", "11")));
        await using var watched = Watch();

        await WatchesAsync(2);

        watched.Told.Should().Equal("new a=x", "broken a");
        watched.Stored.Should().Equal("a=x");
        watched.Informer.Store.Broken(new ObjectKey("ns", "a"))!.Error.Should().Contain("data");
    }

    // 12
    [Fact]
    public async Task What_is_forbidden_is_named_and_tried_again()
    {
        _api.Lists.Enqueue(Answer.Status(403, "Forbidden", "no"));
        _api.Lists.Enqueue(Answer.List("10"));
        await using var watched = Watch();

        await _time.ArmedAsync(First, First);
        watched.Informer.Synced.IsCompleted.Should().BeFalse();
        watched.Informer.Problem.Should().Contain("Grant the verbs list and watch on configmaps in namespace ns");
        watched.Log.Lines.Should().Contain(l => l.Level == LogLevel.Warning && l.Message.Contains("Grant the verbs"));
        _time.Advance(First);

        await Eventually.WithinAsync(watched.Informer.Synced, "the list");
        watched.Informer.Problem.Should().BeNull();
    }

    [Fact]
    public async Task A_kind_that_the_server_does_not_serve_yet_is_waited_for()
    {
        _api.Lists.Enqueue(Answer.Status(404, "NotFound"));
        _api.Lists.Enqueue(Answer.List("10"));
        await using var watched = Watch();

        await _time.ArmedAsync(First, First);
        watched.Informer.Problem.Should().Contain("apply its CRD");
        _time.Advance(First);

        await Eventually.WithinAsync(watched.Informer.Synced, "the list");
    }

    [Fact]
    public async Task An_event_that_says_nothing_new_is_not_told()
    {
        _api.Lists.Enqueue(Answer.List("10", Answer.Map("a", "1")));
        _api.Watches.Enqueue(Answer.Watch(
            Answer.Added(Answer.Map("a", "1")), Answer.Deleted(Answer.Map("never", "2")), Answer.Added(Answer.Map("b", "3")), Answer.Hang));
        await using var watched = Watch();

        await watched.TellsAsync("new a=x", "new b=x");
    }

    [Fact]
    public async Task Who_subscribes_late_hears_what_is_known_and_who_fails_harms_nobody()
    {
        _api.Lists.Enqueue(Answer.List("10", Answer.Map("a", "1")));
        await using var watched = Watch();
        await Eventually.WithinAsync(watched.Informer.Synced, "the list");
        List<string> late = [];

        watched.Informer.Subscribe(_ => throw new InvalidOperationException("mine"));
        watched.Informer.Subscribe(c => late.Add(c.Key.Name));

        late.Should().Equal("a");
        watched.Log.Lines.Should().Contain(l => l.Level == LogLevel.Error && l.Message.Contains("subscriber failed on ns/a"));
    }

    // 11
    [Fact]
    public async Task A_set_has_one_informer_per_kind()
    {
        _api.Lists.Enqueue(Answer.List("10"));
        var set = new InformerSet(_api.Client(), new InformerOptions());
        var first = set.Of<ConfigMap>();

        set.Of<ConfigMap>().Should().BeSameAs(first);
        set.All.Should().HaveCount(1);
        set.IsSynced.Should().BeFalse();
        using var stop = new CancellationTokenSource();
        var running = set.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => set.IsSynced, "the set");
        FluentActions.Invoking(() => set.Of<Pod>()).Should().Throw<InvalidOperationException>().WithMessage("*pods*before the set runs*");
        await stop.CancelAsync();
        await FluentActions.Awaiting(() => running).Should().ThrowAsync<OperationCanceledException>();
    }
}
