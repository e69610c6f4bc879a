using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Queue;
using Sluice.Operator.Api;
using Sluice.Operator.Monitoring;
using Sluice.Operator.Reconcile;
using Sluice.Support.Http;
using Sluice.Support.Time;
using static Sluice.Operator.Tests.Monitoring.ReactionTests;
using static Sluice.Operator.Tests.Monitoring.Samples;

namespace Sluice.Operator.Tests.Monitoring;

/// <summary>What status says is to be done is done, and what is in the way is said and tried again.</summary>
public sealed class ReactionsTests : IAsyncLifetime
{
    const string Template = "jobTemplate: {spec: {template: {spec: {containers: [{name: a}]}}}}";

    readonly ManualTime time = new();
    readonly List<JsonNode> jobs = [];
    readonly List<(JsonNode Body, IReadOnlyDictionary<string, string> Headers)> events = [];
    LoopbackServer server = null!;
    KubeClient client = null!;
    EventSink sink = null!;
    int jobCode = 201;
    int sinkCode = 200;

    public async Task InitializeAsync()
    {
        server = await LoopbackServer.StartAsync(AnswerAsync);
        client = new KubeClient(new KubeConfig { Server = server.Address }, new KubeClientOptions { Jitter = new Jitter(new Random(1)), UserAgent = "sluice" });
        sink = new EventSink(TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        sink.Dispose();
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task The_job_is_made_and_the_event_sent_and_then_never_again()
    {
        var reactions = new Reactions(client, sink, time);
        var onDrift = $"{{{Template}, url: '{server.Address}sink'}}";
        var decided = Next(onDrift, Drift(1), null, Noon)!;

        var done = (await RunAsync(reactions, onDrift, decided))!;

        done.Should().BeEquivalentTo(decided with { JobStarted = true, EventSent = true });
        done.IsPending.Should().BeFalse();
        (await RunAsync(reactions, onDrift, done)).Should().BeEquivalentTo(done);
        jobs.Should().ContainSingle().Which["metadata"]!["name"]!.ToString().Should().Be(decided.Job);
        var (body, headers) = events.Should().ContainSingle().Which;
        (headers["ce-specversion"], headers["ce-type"], headers["ce-id"]).Should().Be(("1.0", "dev.sluice.drift.detected", decided.EventId!));
        headers["ce-source"].Should().Be("/apis/sluice.dev/v1alpha1/namespaces/shop/inferenceservices/iris");
        headers["Content-Type"].Should().Be("application/json");
        body["inferenceService"]!.ToString().Should().Be("iris");
        body["moved"]![0]!["feature"]!.ToString().Should().Be("x");
    }

    [Fact]
    public async Task A_drop_of_quality_makes_its_job_and_sends_its_event()
    {
        var onQualityDrop = $"{{{Template}, url: '{server.Address}sink'}}";
        var decided = Drop(onQualityDrop, Fallen(300), null, Noon)!;

        var done = (await RunAsync(new Reactions(client, sink, time), onQualityDrop, decided, ReactionKind.QualityDrop))!;

        done.Should().BeEquivalentTo(decided with { JobStarted = true, EventSent = true });
        jobs.Should().ContainSingle().Which["metadata"]!["name"]!.ToString().Should().Be(decided.Job);
        var (body, headers) = events.Should().ContainSingle().Which;
        headers["ce-type"].Should().Be("dev.sluice.quality.dropped");
        body["quality"]![0]!["metric"]!.ToString().Should().Be("accuracy");
    }

    [Fact]
    public async Task An_operator_that_died_after_making_the_job_is_followed_by_one_that_finds_it()
    {
        jobCode = 409;
        var decided = Next($"{{{Template}}}", Drift(1), null, Noon)!;

        (await RunAsync(new Reactions(client, sink, time), $"{{{Template}}}", decided))!.JobStarted.Should().BeTrue();
    }

    [Fact]
    public async Task What_fails_is_said_and_tried_again_later_and_later()
    {
        sinkCode = 500;
        jobCode = 422;
        var reactions = new Reactions(client, sink, time);
        var onDrift = $"{{{Template}, url: '{server.Address}sink'}}";
        var reaction = Next(onDrift, Drift(1), null, Noon);

        reaction = await RunAsync(reactions, onDrift, reaction);
        reaction!.Problem.Should().Contain("cannot be created from predictor.monitoring.onDrift.jobTemplate").And.Contain("answers 500");
        await RunAsync(reactions, onDrift, reaction);
        events.Should().ContainSingle("it is too early to try again");
        time.Advance(TimeSpan.FromSeconds(11));
        await RunAsync(reactions, onDrift, reaction);
        events.Should().HaveCount(2);
        time.Advance(TimeSpan.FromSeconds(11));
        await RunAsync(reactions, onDrift, reaction);
        events.Should().HaveCount(2, "the second pause is longer");

        (sinkCode, jobCode) = (202, 201);
        time.Advance(TimeSpan.FromSeconds(11));
        reaction = await RunAsync(reactions, onDrift, reaction);
        reaction.Should().BeEquivalentTo(new { JobStarted = true, EventSent = true, Problem = (string?)null });
    }

    [Fact]
    public async Task What_is_no_longer_asked_for_is_not_made_up_for()
    {
        var decided = Next($"{{{Template}, url: '{server.Address}sink'}}", Drift(1), null, Noon)!;

        var left = (await RunAsync(new Reactions(client, sink, time), "{hold: true}", decided))!;

        left.IsPending.Should().BeFalse();
        (jobs.Count, events.Count).Should().Be((0, 0));
    }

    [Fact]
    public async Task A_service_that_has_changed_meanwhile_is_looked_at_anew_first()
    {
        var service = Service($"{{{Template}}}", Next($"{{{Template}}}", Drift(1), null, Noon));
        service = service with { Metadata = service.Metadata with { ResourceVersion = "0" } };

        await new Reactions(client, sink, time).Invoking(r => r.CarryOutAsync(service, new Fence(client, service), default)).Should().ThrowAsync<StaleViewException>();
        jobs.Should().BeEmpty();
    }

    async Task<ReactionStatus?> RunAsync(Reactions reactions, string wished, ReactionStatus? reaction, ReactionKind? kind = null)
    {
        var service = Service(wished, reaction, kind);
        var taken = await reactions.CarryOutAsync(service, new Fence(client, service), default);
        return kind == ReactionKind.QualityDrop ? taken.QualityDrop : taken.Drift;
    }

    async Task AnswerAsync(HttpContext context)
    {
        var body = context.Request.Method == "POST" ? JsonNode.Parse(RecordedRequest.Of(context).Text) : null;
        var path = context.Request.Path.Value!;
        context.Response.ContentType = "application/json";
        if (path == "/sink")
        {
            events.Add((body!, RecordedRequest.Of(context).Headers));
            context.Response.StatusCode = sinkCode;
        }
        else if (path.EndsWith("/jobs", StringComparison.Ordinal))
        {
            if (jobCode == 201)
                jobs.Add(body!);
            context.Response.StatusCode = jobCode;
            await context.Response.WriteAsync(jobCode switch
            {
                201 => body!.ToJsonString(),
                409 => """{"kind":"Status","code":409,"reason":"AlreadyExists","message":"it is there"}""",
                _ => """{"kind":"Status","code":422,"reason":"Invalid","message":"no such field"}""",
            });
        }
        else
            await context.Response.WriteAsync("""{"metadata":{"name":"iris","resourceVersion":"1"}}""");
    }
}
