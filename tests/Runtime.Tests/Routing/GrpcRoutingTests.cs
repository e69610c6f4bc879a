using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Routing;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Routing;

public sealed class GrpcRoutingTests
{
    [Fact]
    public async Task Over_10_000_calls_the_share_is_within_one_point_and_none_fails()
    {
        await using var candidate = await SplitPod.CandidateAsync();
        await using var pod = await StartAsync(20, candidate.Server.Grpc);
        var by = await ManyAsync(pod, 10_000);
        by.Should().ContainKeys("r1", "r2").And.HaveCount(2);
        (by["r2"] / 100.0).Should().BeApproximately(20, 1);
        pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "answered").Should().Be(by["r2"]);
        pod.Counted(MetricNames.RouteRequests, "r1", "stable", "answered").Should().Be(by["r1"]);
    }

    [Fact]
    public async Task Message_metadata_status_and_trailers_go_both_ways()
    {
        await using var candidate = await LoopbackServer.StartAsync(
            async context =>
            {
                context.Response.ContentType = "application/grpc";
                context.Response.Headers["x-first"] = "metadata";
                context.Response.DeclareTrailer("grpc-status");
                await context.Response.Body.WriteAsync(GrpcClient.Frame([1, 2, 3]));
                context.Response.AppendTrailer("grpc-status", "0");
                context.Response.AppendTrailer("x-last-bin", "AAEC");
            },
            protocols: HttpProtocols.Http2);
        await using var pod = await StartAsync(100, candidate.Address);
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        var answer = await client.InferAsync(InferMessage.Iris(), ("traceparent", "00-aa-bb-01"), ("x-data-bin", "AQI="), ("grpc-timeout", "40S"), ("x-request-id", "mine"));

        (answer.Code, answer.Payload.Length).Should().Be((0, 3));
        answer.Headers.Should().Contain("x-first", "metadata");
        answer.Trailers.Should().Contain("x-last-bin", "AAEC").And.Contain("grpc-status", "0");
        var got = candidate.Requests.Single();
        got.Body.Should().Equal(GrpcClient.Frame(InferMessage.Iris()));
        got.Headers.Should().Contain("traceparent", "00-aa-bb-01").And.Contain("x-data-bin", "AQI=").And.Contain("te", "trailers")
            .And.Contain("x-request-id", "mine").And.Contain("grpc-timeout", "20000000u", "half is kept for answering here")
            .And.Contain(Headers.Forwarded, "r1").And.Contain("Content-Type", "application/grpc");
    }

    [Fact]
    public async Task What_both_refuse_is_the_callers_fault()
    {
        await using var candidate = await SplitPod.CandidateAsync();
        await using var pod = await StartAsync(100, candidate.Server.Grpc);
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        var answer = await client.InferAsync(InferMessage.To("iris").ToArray());
        (answer.Code, answer.IsTrailersOnly, answer.Headers[Headers.Revision]).Should().Be((3, true, "r1"));
        answer.Message.Should().Contain("\"input\" is missing");
        await Eventually.TrueAsync(() => pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "answered") == 1, "the call, which was answered");
    }

    [Theory]
    [InlineData("14", "unavailable")]
    [InlineData("8", "unavailable")]
    [InlineData("13", "failed")]
    [InlineData("2", "failed")]
    [InlineData("12", "failed")]
    [InlineData("3", "failed")]
    [InlineData("5", "failed")]
    [InlineData("4", "late")]
    [InlineData(null, "failed")]
    public async Task A_candidate_that_fails_costs_no_call_and_is_counted(string? status, string outcome)
    {
        await using var candidate = await LoopbackServer.StartAsync(
            context =>
            {
                context.Response.ContentType = "application/grpc";
                if (status is not null)
                    context.Response.Headers["grpc-status"] = status;
                return Task.CompletedTask;
            },
            protocols: HttpProtocols.Http2);
        await using var pod = await StartAsync(50, candidate.Address);
        (await ManyAsync(pod, 100)).Should().Equal(new Dictionary<string, int> { ["r1"] = 100 });
        // What is counted of a refusal depends on the answer that the user got, and so comes after it.
        await Eventually.TrueAsync(() => pod.Counted(MetricNames.RouteRequests, "r2", "candidate", outcome) is >= 48 and <= 52, "half of the calls");
    }

    [Fact]
    public async Task A_candidate_that_is_not_there_or_late_costs_no_call()
    {
        await using var candidate = await LoopbackServer.StartAsync(protocols: HttpProtocols.Http2);
        candidate.Handler = context => context.HangAsync(candidate.Closing);
        await using var pod = await StartAsync(100, new Uri("http://127.0.0.1:1"));
        (await ManyAsync(pod, 50)).Should().Equal(new Dictionary<string, int> { ["r1"] = 50 });
        pod.CountedSilent("unreachable").Should().Be(50);
        await pod.ApplyAsync(SplitPod.Document(2, 100, candidate.Address, timeout: 20));
        (await ManyAsync(pod, 50)).Should().Equal(new Dictionary<string, int> { ["r1"] = 50 });
        (pod.CountedSilent("late") + pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "unreachable")).Should().Be(100);
    }

    [Fact]
    public async Task A_caller_in_a_hurry_does_not_take_the_candidate_from_the_others()
    {
        await using var candidate = await LoopbackServer.StartAsync(protocols: HttpProtocols.Http2);
        candidate.Handler = context => context.HangAsync(candidate.Closing);
        await using var pod = await StartAsync(100, candidate.Address);
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        for (var i = 0; i < 2 * Breaker.Silences; i++)
            await client.InferAsync(InferMessage.Iris(), ("grpc-timeout", "40m"));
        pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "withheld").Should().Be(0);
    }

    [Fact]
    public async Task Calls_go_over_several_connections_so_that_all_pods_of_a_Service_get_some()
    {
        var connections = new ConcurrentDictionary<string, int>();
        await using var candidate = await LoopbackServer.StartAsync(
            context =>
            {
                connections.AddOrUpdate(context.Connection.Id, 1, static (_, n) => n + 1);
                context.Response.ContentType = "application/grpc";
                context.Response.Headers["grpc-status"] = "3";
                return Task.CompletedTask;
            },
            protocols: HttpProtocols.Http2);
        await using var pod = await StartAsync(100, candidate.Address);
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        for (var i = 0; i < 4 * Forwarder.Pools; i++)
            await client.InferAsync(InferMessage.Iris());
        connections.Should().HaveCountGreaterThanOrEqualTo(Forwarder.Pools);
    }

    [Fact]
    public async Task A_call_asks_for_a_revision_and_what_was_passed_on_stays()
    {
        await using var candidate = await SplitPod.CandidateAsync();
        await using var pod = await StartAsync(50, candidate.Server.Grpc);
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        for (var i = 0; i < 10; i++)
        {
            (await client.InferAsync(InferMessage.Iris(), (Headers.Revision, "r2"))).Headers[Headers.Revision].Should().Be("r2");
            (await client.InferAsync(InferMessage.Iris(), (Headers.Revision, "r1"))).Headers[Headers.Revision].Should().Be("r1");
            (await client.InferAsync(InferMessage.Iris(), (Headers.Forwarded, "r0"))).Headers[Headers.Revision].Should().Be("r1");
        }
        var unknown = await client.InferAsync(InferMessage.Iris(), (Headers.Revision, "r9"));
        (unknown.Code, unknown.Message.StartsWith("There is no revision r9 here", StringComparison.Ordinal)).Should().Be((5, true));
    }

    [Fact]
    public async Task A_version_that_only_this_revision_has_is_answered_here()
    {
        await using var candidate = await LoopbackServer.StartAsync(protocols: HttpProtocols.Http2);
        await using var pod = await StartAsync(100, candidate.Address);
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        (await client.InferAsync(InferMessage.Iris("1"))).Code.Should().Be(0);
        candidate.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_caller_who_goes_away_is_not_the_candidates_failure()
    {
        await using var candidate = await LoopbackServer.StartAsync(protocols: HttpProtocols.Http2);
        candidate.Handler = context => context.HangAsync(candidate.Closing);
        await using var pod = await StartAsync(100, candidate.Address);
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        using var leaving = new CancellationTokenSource();
        var call = client.OpenAsync(GrpcClient.Inference + "ModelInfer", InferMessage.Iris(), leaving.Token);
        await Eventually.TrueAsync(() => candidate.Requests.Count == 1, "the call at the candidate");
        await leaving.CancelAsync();
        await call.Awaiting(c => c).Should().ThrowAsync<OperationCanceledException>();
        await Eventually.TrueAsync(
            () => pod.Counted(MetricNames.RouteRequests, "r2", "candidate", "cancelled") == 1, "the count of the cancelled");
        pod.Counted(MetricNames.RouteRequests, "r2", "candidate").Should().Be(1);
    }

    private static Task<SplitPod> StartAsync(int percent, Uri candidate) => SplitPod.StartAsync(percent, candidate);

    private static async Task<Dictionary<string, int>> ManyAsync(SplitPod pod, int count)
    {
        const int Callers = 8;
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        var calls = Enumerable.Range(0, Callers).Select(async caller =>
        {
            var answers = new List<GrpcAnswer>();
            for (var i = caller; i < count; i += Callers)
                answers.Add(await client.InferAsync(InferMessage.Iris()));
            return answers;
        });
        var all = (await Task.WhenAll(calls)).SelectMany(a => a).ToList();
        all.Should().OnlyContain(a => a.HttpStatus == HttpStatusCode.OK && a.Code == 0);
        return all.GroupBy(a => a.Headers[Headers.Revision]).ToDictionary(g => g.Key, g => g.Count());
    }
}
