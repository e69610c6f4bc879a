using System.Text.Json.Nodes;
using Sluice.Kubernetes.Events;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.Kubernetes.Tests.Fakes;
using Sluice.Support;
using Sluice.Support.Http;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Events;

public sealed class EventRecorderTests : IAsyncLifetime
{
    private static readonly Deployment Target = new()
    {
        Metadata = new ObjectMeta { Name = "iris", Namespace = "ns", Uid = "u", ResourceVersion = "5" },
    };

    private readonly ManualTime _time = new();
    private readonly ListLogger _log = new();
    private readonly CancellationTokenSource _stop = new();
    private FakeApi _api = null!;
    private EventRecorder _events = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _api = await FakeApi.StartAsync();
        _events = new EventRecorder(_api.Client(), new EventRecorderOptions
        {
            Component = "sluice-operator",
            Instance = "pod-1",
            Time = _time,
            Jitter = new Jitter(new Random(1)),
            Log = _log,
        });
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();

        // What was on its way is sent once more, with waits that begin whenever it gets to them.
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _running.IsCompleted;
            },
            "the end of the recorder");
        await _running;
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    private void Start() => _running = _events.RunAsync(_stop.Token);

    private void Accept(int count)
    {
        for (var i = 0; i < count; i++)
            _api.Others.Enqueue(Answer.Json(Existing(1)));
    }

    private static string Existing(int count) =>
        $$$"""{"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"x","namespace":"ns"}{{{(count > 1 ? $",\"series\":{{\"count\":{count},\"lastObservedTime\":\"2026-01-01T00:00:00.000000Z\"}}" : "")}}}}""";

    private async Task<IReadOnlyList<RecordedRequest>> RequestsAsync(int count)
    {
        await Eventually.TrueAsync(() => _api.Requests.Count >= count, () => $"{count} requests; there were {_api.Requests.Count}");
        return _api.Requests;
    }

    private static JsonNode Body(RecordedRequest request) => JsonNode.Parse(request.Text)!;

    [Fact]
    public async Task An_event_says_who_what_and_about_what()
    {
        Accept(1);
        Start();

        _events.Warning(Target, "Stalled", "Apply", "a Service called iris is in the way");

        var request = (await RequestsAsync(1))[0];
        (request.Method, request.Path).Should().Be(("POST", "/apis/events.k8s.io/v1/namespaces/ns/events"));
        var body = Body(request);
        body["metadata"]!["name"]!.GetValue<string>().Should().MatchRegex("^iris\\.[0-9a-f]{16}$");
        body["metadata"]!.AsObject().Remove("name");
        JsonNode.DeepEquals(body, JsonNode.Parse("""
            {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"namespace":"ns"},
             "eventTime":"2026-01-01T00:00:00.000000Z","type":"Warning","reason":"Stalled","action":"Apply",
             "note":"a Service called iris is in the way",
             "regarding":{"apiVersion":"apps/v1","kind":"Deployment","namespace":"ns","name":"iris","uid":"u","resourceVersion":"5"},
             "reportingController":"sluice-operator","reportingInstance":"pod-1"}
            """)).Should().BeTrue(request.Text);
    }

    [Fact]
    public async Task The_same_again_raises_a_count_but_not_every_time()
    {
        Accept(3);
        Start();
        _events.Normal(Target, "Applied", "Apply", "done");
        await RequestsAsync(1);
        for (var i = 0; i < 4; i++)
            _events.Normal(Target, "Applied", "Apply", "done");

        await _time.ArmedAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        _api.Requests.Should().HaveCount(1);
        _time.Advance(TimeSpan.FromSeconds(10));

        var patch = (await RequestsAsync(2))[1];
        (patch.Method, patch.Headers["Content-Type"]).Should().Be(("PATCH", "application/merge-patch+json"));
        patch.Text.Should().Be("""{"series":{"count":5,"lastObservedTime":"2026-01-01T00:00:00.000000Z"}}""");
        patch.Path.Should().EndWith(Body(_api.Requests[0])["metadata"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_piled_up_before_the_first_write_is_in_it()
    {
        Accept(1);
        for (var i = 0; i < 3; i++)
            _events.Normal(Target, "Applied", "Apply", "done");

        Start();

        Body((await RequestsAsync(1))[0])["series"]!["count"]!.GetValue<int>().Should().Be(3);
    }

    [Fact]
    public async Task Different_words_are_different_events()
    {
        Accept(2);
        Start();

        _events.Normal(Target, "Applied", "Apply", "one");
        _events.Normal(Target, "Applied", "Apply", "two");

        (await RequestsAsync(2)).Select(r => (r.Method, Body(r)["note"]!.GetValue<string>())).Should().Equal(("POST", "one"), ("POST", "two"));
    }

    [Fact]
    public async Task After_a_restart_a_series_goes_on()
    {
        _api.Others.Enqueue(Answer.Status(409, "AlreadyExists"));
        _api.Others.Enqueue(Answer.Json(Existing(7)));
        _api.Others.Enqueue(Answer.Json(Existing(8)));
        Start();

        _events.Normal(Target, "Applied", "Apply", "done");

        var requests = await RequestsAsync(3);
        requests.Select(r => r.Method).Should().Equal("POST", "GET", "PATCH");
        Body(requests[2])["series"]!["count"]!.GetValue<int>().Should().Be(8);
    }

    [Fact]
    public async Task An_event_that_expired_is_told_as_new()
    {
        Accept(1);
        _api.Others.Enqueue(Answer.Status(404, "NotFound"));
        Accept(1);
        Start();
        _events.Normal(Target, "Applied", "Apply", "done");
        await RequestsAsync(1);
        _events.Normal(Target, "Applied", "Apply", "done");

        await _time.ArmedAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));

        (await RequestsAsync(3)).Select(r => r.Method).Should().Equal("POST", "PATCH", "POST");
    }

    [Fact]
    public async Task A_failing_server_costs_the_event_after_three_tries_and_nothing_else()
    {
        for (var i = 0; i < 3; i++)
            _api.Others.Enqueue(Answer.Status(500, "InternalError"));
        Accept(1);
        Start();
        _events.Normal(Target, "Applied", "Apply", "lost");
        for (var i = 0; i < 2; i++)
        {
            var wait = await _time.ArmedAsync(TimeSpan.FromMilliseconds(250 << i), TimeSpan.FromMilliseconds(500 << i));
            _time.Advance(wait);
        }

        await RequestsAsync(3);
        _events.Normal(Target, "Applied", "Apply", "next");

        Body((await RequestsAsync(4))[3])["note"]!.GetValue<string>().Should().Be("next");
        _log.Lines.Should().Contain(l => l.Message.Contains("Applied of ns/iris was not recorded"));
        _running.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_refusal_is_not_repeated()
    {
        _api.Others.Enqueue(Answer.Status(403, "Forbidden"));
        Accept(1);
        Start();

        _events.Normal(Target, "Applied", "Apply", "refused");
        _events.Normal(Target, "Applied", "Apply", "next");

        (await RequestsAsync(2)).Select(r => Body(r)["note"]!.GetValue<string>()).Should().Equal("refused", "next");
    }

    [Fact]
    public void Recording_never_waits_however_much_there_is()
    {
        for (var i = 0; i < 5000; i++)
            _events.Normal(Target, "Applied", "Apply", "note " + i);

        _log.Lines.Count(l => l.Message.Contains("too many events are waiting")).Should().Be(5000 - 1024);
    }

    [Fact]
    public async Task At_the_end_what_is_left_is_sent()
    {
        Accept(2);
        Start();
        _events.Normal(Target, "Applied", "Apply", "done");
        await RequestsAsync(1);
        _events.Normal(Target, "Applied", "Apply", "done");

        await _stop.CancelAsync();
        await Eventually.WithinAsync(_running, "the end");

        Body(_api.Requests[1])["series"]!["count"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public async Task At_the_end_nobody_waits_for_a_server_that_hangs()
    {
        _api.Others.Enqueue(Answer.Hang);
        _events.Normal(Target, "Applied", "Apply", "done");
        await _stop.CancelAsync();
        Start();

        await _time.ArmedAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        await RequestsAsync(1);
        _time.Advance(TimeSpan.FromSeconds(2));

        await Eventually.WithinAsync(_running, "the end");
    }

    [Fact]
    public async Task Events_of_cluster_wide_objects_live_in_default()
    {
        Accept(1);
        Start();

        _events.Normal(new Namespace { Metadata = new ObjectMeta { Name = "n", Uid = "u" } }, "Made", "Make", "x");

        (await RequestsAsync(1))[0].Path.Should().Be("/apis/events.k8s.io/v1/namespaces/default/events");
    }

    [Fact]
    public void Names_and_notes_stay_within_their_limits()
    {
        var reference = new ObjectReference { Name = new string('n', 253), Kind = "K" };
        new Occurrence(reference, "Normal", "R", "A", "n", default).Name.Should().HaveLength(253);
        EventText.Cut(new string('ä', 600), 1024).Should().Be(new string('ä', 512));
        EventText.Cut("x" + new string('ä', 600), 1024).Should().HaveLength(512, "no character is cut in half");
        EventText.Cut("short", 1024).Should().Be("short");
    }

    [Fact]
    public void A_recorder_needs_a_name() =>
        FluentActions.Invoking(() => new EventRecorder(_api.Client(), new EventRecorderOptions { Component = "", Instance = "x" }))
            .Should().Throw<ArgumentException>().WithMessage("*reporting component*");
}
