using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Tests.Fakes;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Client;

public sealed class RetryTests : IAsyncLifetime
{
    private static readonly ObjectKey Key = new("ns", "a");
    private readonly ManualTime _time = new();
    private FakeApi _api = null!;
    private KubeClient _client = null!;

    public async Task InitializeAsync()
    {
        _api = await FakeApi.StartAsync();
        _client = _api.Client(_time);
    }

    public Task DisposeAsync() => _api.DisposeAsync().AsTask();

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_busy_server_is_asked_again_when_it_said(int code)
    {
        _api.Others.Enqueue(Answer.Status(code, "Busy", retryAfter: 7));
        _api.Others.Enqueue(Answer.Json(Answer.Map("a", "1")));

        var asked = _client.GetAsync<ConfigMap>(Key);
        await _time.ArmedAsync(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7));
        _time.Advance(TimeSpan.FromSeconds(6.9));
        _api.Requests.Should().HaveCount(1);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        (await Eventually.WithinAsync(asked, "the second answer")).Metadata.Name.Should().Be("a");
        _api.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_date_may_say_when()
    {
        var when = _time.GetUtcNow().AddSeconds(4).ToString("r");
        _api.Others.Enqueue((api, context) =>
        {
            context.Response.Headers.RetryAfter = when;
            return Answer.Json("{}", 503)(api, context);
        });
        _api.Others.Enqueue(Answer.Json(Answer.Map("a", "1")));

        var asked = _client.GetAsync<ConfigMap>(Key);
        await _time.ArmedAsync(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4));
        _time.Advance(TimeSpan.FromSeconds(4));

        await Eventually.WithinAsync(asked, "the second answer");
    }

    [Fact]
    public async Task Without_a_word_when_the_waits_grow_and_end_after_four_tries()
    {
        for (var i = 0; i < 4; i++)
            _api.Others.Enqueue(Answer.Status(503, "Busy"));

        var asked = _client.GetAsync<ConfigMap>(Key);
        foreach (var ceiling in new[] { 200, 400, 800 })
        {
            var wait = await _time.ArmedAsync(TimeSpan.FromMilliseconds(ceiling / 2), TimeSpan.FromMilliseconds(ceiling));
            _time.Advance(wait);
        }

        (await FluentActions.Awaiting(() => Eventually.WithinAsync(asked, "the refusal")).Should().ThrowAsync<KubeApiException>())
            .Which.IsThrottled.Should().BeTrue();
        _api.Requests.Should().HaveCount(4);
    }

    [Fact]
    public async Task A_long_wait_is_handed_to_the_caller()
    {
        _api.Others.Enqueue(Answer.Status(429, "TooManyRequests", retryAfter: 11));

        (await FluentActions.Awaiting(() => _client.GetAsync<ConfigMap>(Key)).Should().ThrowAsync<KubeApiException>())
            .Which.RetryAfter.Should().Be(TimeSpan.FromSeconds(11));
        _api.Requests.Should().HaveCount(1);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(409)]
    [InlineData(404)]
    public async Task Other_refusals_are_final(int code)
    {
        _api.Others.Enqueue(Answer.Status(code, "No", retryAfter: 1));

        await FluentActions.Awaiting(() => _client.GetAsync<ConfigMap>(Key)).Should().ThrowAsync<KubeApiException>();
        _api.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_create_with_a_name_that_got_through_although_refused_counts_as_done()
    {
        _api.Others.Enqueue(Answer.Status(504, "Timeout", retryAfter: 1));
        _api.Others.Enqueue(Answer.Status(409, "AlreadyExists"));
        _api.Others.Enqueue(Answer.Json(Answer.Map("a", "3")));

        var created = _client.CreateAsync(new ConfigMap { Metadata = new ObjectMeta { Name = "a", Namespace = "ns" } });
        await _time.ArmedAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        (await Eventually.WithinAsync(created, "the object")).Metadata.ResourceVersion.Should().Be("3");
        _api.Requests.Select(r => r.Method).Should().Equal("POST", "POST", "GET");
        _api.Requests[1].Text.Should().Be(_api.Requests[0].Text).And.NotBeEmpty();
    }

    [Fact]
    public async Task A_create_without_a_name_is_not_repeated()
    {
        _api.Others.Enqueue(Answer.Status(503, "Busy", retryAfter: 1));

        await FluentActions.Awaiting(() => _client.CreateAsync(new ConfigMap { Metadata = new ObjectMeta { GenerateName = "a-", Namespace = "ns" } }))
            .Should().ThrowAsync<KubeApiException>();
        _api.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_watch_is_not_repeated_here()
    {
        _api.Watches.Enqueue(Answer.Status(429, "TooManyRequests", retryAfter: 1));

        await FluentActions.Awaiting(async () =>
        {
            await foreach (var _ in _client.WatchAsync<ConfigMap>())
            {
            }
        }).Should().ThrowAsync<KubeApiException>();
        _api.Requests.Should().HaveCount(1);
    }
}
