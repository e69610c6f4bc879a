using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Routing;
using Sluice.Support;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Routing;

public sealed class RestRoutingTests
{
    [Fact]
    public async Task Over_10_000_requests_the_share_is_within_one_point_and_none_fails()
    {
        await using var candidate = await SplitPod.CandidateAsync();
        await using var pod = await SplitPod.StartAsync(20, candidate.Server.Http);
        var by = await ManyAsync(pod, 10_000);
        by.Should().ContainKeys("r1", "r2").And.HaveCount(2);
        (by["r2"] / 100.0).Should().BeApproximately(20, 1);
        pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "answered").Should().Be(by["r2"]);
        pod.Counted(MetricNames.RouteRequests, "r1", "stable", "answered").Should().Be(by["r1"]);
        pod.Counted(MetricNames.RouteDuration + "_count", "r2", "candidate").Should().Be(by["r2"]);
    }

    [Fact]
    public async Task The_request_arrives_as_it_was_sent_and_the_answer_comes_back_so()
    {
        await using var candidate = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 203;
            context.Response.Headers["x-of-candidate"] = "kept";
            context.Response.Headers[Headers.Revision] = "r2";
            context.Response.ContentType = "text/odd";
            await context.Response.WriteAsync("its own words");
        });
        await using var pod = await SplitPod.StartAsync(100, candidate.Address);
        var answer = await pod.Runtime.SendAsync(
            HttpMethod.Post,
            "/v2/models/iris/infer?a=%2f..%2F&b=ä".Replace("ä", "%C3%A4"),
            [0, 1, 255, 13, 10],
            "application/x-any; q=1",
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ("tracestate", "a=b,c=d"),
            ("x-request-id", "mine"),
            ("Inference-Header-Content-Length", "0"),
            ("x-several", "one, two"),
            ("Connection", "x-hop"),
            ("x-hop", "for this connection"));

        (answer.Status, answer.Text).Should().Be((203, "its own words"));
        answer.Headers.Should().Contain("x-of-candidate", "kept").And.Contain("Content-Type", "text/odd").And.Contain(Headers.Revision, "r2");
        var got = candidate.Requests.Single();
        (got.Method, got.Path, got.QueryString).Should().Be(("POST", "/v2/models/iris/infer", "?a=%2f..%2F&b=%C3%A4"));
        got.Body.Should().Equal(0, 1, 255, 13, 10);
        got.Headers.Should().Contain("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .And.Contain("tracestate", "a=b,c=d").And.Contain("x-request-id", "mine").And.Contain("x-several", "one, two")
            .And.Contain("Content-Type", "application/x-any; q=1").And.Contain("Inference-Header-Content-Length", "0")
            .And.Contain(Headers.Forwarded, "r1").And.NotContainKey("x-hop");
    }

    [Theory]
    [InlineData(500, "failed")]
    [InlineData(501, "failed")]
    [InlineData(503, "unavailable")]
    [InlineData(429, "unavailable")]
    public async Task A_candidate_that_fails_costs_no_request_and_is_counted(int status, string outcome)
    {
        await using var candidate = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var pod = await SplitPod.StartAsync(50, candidate.Address);
        (await ManyAsync(pod, 200)).Should().Equal(new Dictionary<string, int> { ["r1"] = 200 });
        pod.Counted(MetricNames.RouteRequests, "r2", "candidate", outcome).Should().BeApproximately(100, 2);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task A_candidate_that_refuses_what_this_revision_answers_has_failed(int status)
    {
        await using var candidate = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var pod = await SplitPod.StartAsync(50, candidate.Address);
        (await ManyAsync(pod, 100)).Should().Equal(new Dictionary<string, int> { ["r1"] = 100 });
        // What is counted depends on the answer that the user got, and so comes after it.
        await Eventually.TrueAsync(() => pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "failed") is >= 48 and <= 52, "half of the requests");
    }

    [Fact]
    public async Task What_both_refuse_is_the_callers_fault()
    {
        await using var candidate = await SplitPod.CandidateAsync();
        await using var pod = await SplitPod.StartAsync(100, candidate.Server.Http);

        var answer = await pod.Runtime.PostAsync(SplitPod.Infer, "{");

        (answer.Status, answer.Headers[Headers.Revision]).Should().Be((400, "r1"));
        await Eventually.TrueAsync(() => pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "answered") == 1, "the request, which was answered");
        pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "failed").Should().Be(0);
    }

    [Fact]
    public async Task A_candidate_that_is_not_there_costs_no_request()
    {
        await using var pod = await SplitPod.StartAsync(50, new Uri("http://127.0.0.1:1"));
        (await ManyAsync(pod, 200)).Should().Equal(new Dictionary<string, int> { ["r1"] = 200 });
        pod.CountedSilent("unreachable").Should().BeApproximately(100, 2);
    }

    [Fact]
    public async Task A_candidate_that_breaks_off_costs_no_request()
    {
        await using var candidate = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.SendNowAsync("{\"outputs\":");
            await context.DropAsync();
        });
        await using var pod = await SplitPod.StartAsync(100, candidate.Address);
        (await ManyAsync(pod, 20)).Should().Equal(new Dictionary<string, int> { ["r1"] = 20 });
        pod.CountedSilent("unreachable").Should().Be(20);
    }

    [Fact]
    public async Task A_candidate_that_is_late_costs_no_request()
    {
        await using var candidate = await LoopbackServer.StartAsync();
        candidate.Handler = context => context.HangAsync(candidate.Closing);
        await using var pod = await SplitPod.StartAsync(100, candidate.Address, timeout: 20);
        (await ManyAsync(pod, 20)).Should().Equal(new Dictionary<string, int> { ["r1"] = 20 });
        pod.CountedSilent("late").Should().Be(20);
    }

    [Fact]
    public async Task A_silent_candidate_keeps_only_one_request_a_second_waiting_until_it_answers_again()
    {
        await using var candidate = await LoopbackServer.StartAsync();
        candidate.Handler = context => context.HangAsync(candidate.Closing);
        await using var pod = await SplitPod.StartAsync(100, candidate.Address, timeout: 50);
        for (var i = 0; i < 100; i++)
            (await pod.InferAsync()).Status.Should().Be(200);
        pod.CountedSilent("late").Should().Be(100);
        pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "late").Should().BeGreaterThanOrEqualTo(Breaker.Silences);
        (await pod.InferAsync((Headers.Revision, "r2"))).Status.Should().Be(504, "who asks for it is not answered by another");

        candidate.Handler = context =>
        {
            context.Response.Headers[Headers.Revision] = "r2";
            return Task.CompletedTask;
        };
        await Eventually.TrueAsync(
            () => pod.InferAsync().GetAwaiter().GetResult().Headers[Headers.Revision] == "r2", "the candidate's share again");
        (await ManyAsync(pod, 20)).Should().Equal(new Dictionary<string, int> { ["r2"] = 20 });
    }

    [Fact]
    public async Task Requests_one_after_the_other_go_over_several_connections_so_that_all_pods_of_a_Service_get_some()
    {
        var connections = new ConcurrentDictionary<string, int>();
        await using var candidate = await LoopbackServer.StartAsync(context =>
        {
            connections.AddOrUpdate(context.Connection.Id, 1, static (_, n) => n + 1);
            return Task.CompletedTask;
        });
        await using var pod = await SplitPod.StartAsync(100, candidate.Address);
        for (var i = 0; i < 4 * Forwarder.Pools; i++)
            await pod.InferAsync();
        connections.Should().HaveCountGreaterThanOrEqualTo(Forwarder.Pools);
    }

    [Fact]
    public async Task What_was_passed_on_is_never_passed_on_again()
    {
        await using var candidate = await LoopbackServer.StartAsync();
        await using var pod = await SplitPod.StartAsync(100, candidate.Address);
        var answer = await pod.InferAsync((Headers.Forwarded, "r0"));
        answer.Headers[Headers.Revision].Should().Be("r1");
        (await pod.InferAsync((Headers.Forwarded, "r0"), (Headers.Revision, "r2"))).Headers[Headers.Revision].Should().Be("r1");
        candidate.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_caller_gets_the_revision_that_it_asks_for()
    {
        await using var candidate = await SplitPod.CandidateAsync();
        await using var pod = await SplitPod.StartAsync(50, candidate.Server.Http);
        for (var i = 0; i < 10; i++)
        {
            (await pod.InferAsync((Headers.Revision, "r1"))).Headers[Headers.Revision].Should().Be("r1");
            (await pod.InferAsync((Headers.Revision, "r2"))).Headers[Headers.Revision].Should().Be("r2");
        }
        var unknown = await pod.InferAsync((Headers.Revision, "r9"));
        unknown.Status.Should().Be(404);
        unknown.Error.Should().Be("There is no revision r9 here; the split has r1, r2. Ask for one of them, or leave out the header x-sluice-revision.");
        pod.Counted(MetricNames.RouteRequests, "r2", "asked", "answered").Should().Be(10);
        pod.Counted(MetricNames.RouteRequests, "r2", "candidate").Should().Be(0, "asking is no part of the shares");
    }

    [Fact]
    public async Task Who_asks_for_a_revision_that_cannot_answer_gets_no_others_answer()
    {
        await using var pod = await SplitPod.StartAsync(0, new Uri("http://127.0.0.1:1"));
        var answer = await pod.InferAsync((Headers.Revision, "r2"));
        (answer.Status, answer.Error).Should().Be((502, "Revision \"r2\" could not be asked: it is unreachable."));
    }

    [Fact]
    public async Task A_user_stays_with_the_revision_while_its_share_grows()
    {
        await using var candidate = await SplitPod.CandidateAsync();
        await using var pod = await SplitPod.StartAsync(0, candidate.Server.Http);
        var assignment = new SplitAssignment { Header = "x-user", Salt = "s" };
        var had = new HashSet<string>();
        var generation = 1;
        foreach (var percent in (int[])[5, 30, 60, 100])
        {
            await pod.ApplyAsync(SplitPod.Document(++generation, percent, candidate.Server.Http) with { Assignment = assignment });
            var has = new HashSet<string>();
            for (var i = 0; i < 200; i++)
            {
                var user = "u" + i.ToString(CultureInfo.InvariantCulture);
                var revision = (await pod.InferAsync(("x-user", user))).Headers[Headers.Revision];
                revision.Should().Be(SplitBuckets.Of("s", user) < percent * 100 ? "r2" : "r1");
                if (revision == "r2")
                    has.Add(user);
            }
            had.IsSubsetOf(has).Should().BeTrue();
            had = has;
        }
    }

    [Fact]
    public async Task A_new_split_takes_over_under_load_without_a_failed_request()
    {
        await using var candidate = await SplitPod.CandidateAsync();
        await using var pod = await SplitPod.StartAsync(0, candidate.Server.Http);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(async _ =>
        {
            var failed = 0;
            while (!stop.IsCancellationRequested)
                failed += (await pod.InferAsync()).Status == 200 ? 0 : 1;
            return failed;
        }).ToList();
        for (var generation = 2; generation < 10; generation++)
            await pod.ApplyAsync(SplitPod.Document(generation, generation % 2 == 0 ? 100 : generation, candidate.Server.Http));
        await stop.CancelAsync();
        (await Task.WhenAll(load)).Sum().Should().Be(0);
        (await pod.Runtime.MetricsAsync()).Should().Contain("sluice_split_generation 9\n");
    }

    [Fact]
    public async Task A_caller_who_goes_away_is_not_the_candidates_failure()
    {
        await using var candidate = await LoopbackServer.StartAsync();
        candidate.Handler = context => context.HangAsync(candidate.Closing);
        await using var pod = await SplitPod.StartAsync(100, candidate.Address);
        using var leaving = new CancellationTokenSource();
        using var content = new StringContent(SplitPod.Row);
        var call = pod.Runtime.Client.PostAsync(new Uri(SplitPod.Infer, UriKind.Relative), content, leaving.Token);
        await Eventually.TrueAsync(() => candidate.Requests.Count == 1, "the request at the candidate");
        await leaving.CancelAsync();
        await call.Awaiting(c => c).Should().ThrowAsync<OperationCanceledException>();
        await Eventually.TrueAsync(
            () => pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "cancelled") == 1, "the count of the cancelled");
        pod.Counted(MetricNames.RouteRequests, "r2", "candidate").Should().Be(1);
    }

    [Fact]
    public async Task Only_inference_is_divided()
    {
        await using var candidate = await LoopbackServer.StartAsync();
        await using var pod = await SplitPod.StartAsync(100, candidate.Address);
        foreach (var path in (string[])["/v1/models", "/v1/models/iris", "/v2", "/v2/models/iris", "/v2/health/ready", "/health", "/openapi.json", "/docs"])
            (await pod.Runtime.GetAsync(path)).Status.Should().Be(200, path);
        candidate.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_version_that_only_this_revision_has_is_answered_here()
    {
        await using var candidate = await LoopbackServer.StartAsync();
        await using var pod = await SplitPod.StartAsync(100, candidate.Address);
        (await pod.Runtime.PostAsync("/v2/models/iris/versions/1/infer", SplitPod.Row)).Status.Should().Be(200);
        candidate.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_pod_of_the_candidate_answers_what_reaches_it()
    {
        await using var stable = await LoopbackServer.StartAsync();
        await using var pod = await SplitPod.StartAsync(
            Splits.Of(1, Splits.Stable(90, "r0") with { Http = stable.Address.Authority, Grpc = stable.Address.Authority }, Splits.Candidate(10, "r1")));
        (await ManyAsync(pod, 50)).Should().Equal(new Dictionary<string, int> { ["r1"] = 50 });
        stable.Requests.Should().BeEmpty();
    }

    private static async Task<Dictionary<string, int>> ManyAsync(SplitPod pod, int count)
    {
        const int Callers = 8;
        var calls = Enumerable.Range(0, Callers).Select(async caller =>
        {
            var answers = new List<Answer>();
            for (var i = caller; i < count; i += Callers)
                answers.Add(await pod.InferAsync());
            return answers;
        });
        var all = (await Task.WhenAll(calls)).SelectMany(a => a).ToList();
        all.Should().OnlyContain(a => a.Status == 200);
        return all.GroupBy(a => a.Headers[Headers.Revision]).ToDictionary(g => g.Key, g => g.Count());
    }
}
