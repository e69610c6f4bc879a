using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Routing;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Routing;

public sealed class ShadowTests
{
    private readonly ConcurrentBag<ShadowPair> pairs = [];

    [Fact]
    public async Task Each_request_is_copied_with_the_answer_that_its_user_got()
    {
        await using var shadow = await SplitPod.CandidateAsync();
        await using var pod = await StartAsync(100, shadow.Server.Http, shadow.Server.Grpc);
        var users = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            // All over one connection: none may see what was kept of another.
            var answer = await pod.Runtime.PostAsync(SplitPod.Infer, Row(i));
            (answer.Status, answer.Headers[Headers.Revision]).Should().Be((200, "r1"));
            users.Add(answer.Text);
        }
        await Eventually.TrueAsync(() => pairs.Count == 20, "20 copies");
        pairs.Select(p => Encoding.UTF8.GetString(p.Copy.Answer.Span)).Should().BeEquivalentTo(users);
        pairs.Should().OnlyContain(p => p.Copy.Status == 200 && p.Status == 200);
        pairs.Select(p => Encoding.UTF8.GetString(p.Answer.Span)).Should().OnlyContain(a => a.Contains("\"outputs\"")).And.OnlyHaveUniqueItems();
        pod.Counted(MetricNames.ShadowRequests, "r2", "sent").Should().Be(20);
        pod.Counted(MetricNames.ShadowStatus, "r2", "equal").Should().Be(20);
        pod.Counted(MetricNames.RouteRequests, "r1", "stable", "answered").Should().Be(20);
        pod.Counted(MetricNames.RouteRequests, "r2").Should().Be(0, "a copy is no user's request");
        await Eventually.TrueAsync(() => pod.Runtime.Server.State.Split!.Shadows.Held == 0, "memory given back");
    }

    [Fact]
    public async Task Each_call_is_copied_with_the_answer_that_its_user_got()
    {
        await using var shadow = await SplitPod.CandidateAsync();
        await using var pod = await StartAsync(100, shadow.Server.Http, shadow.Server.Grpc);
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        var users = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            var answer = await client.InferAsync(InferMessage.To("iris").Typed("input", "FP32", [1, 4], InferMessage.Floats(i, 3, 2, 1)).ToArray());
            (answer.Code, answer.Headers[Headers.Revision]).Should().Be((0, "r1"));
            users.Add(Convert.ToHexString(answer.Body));
        }
        (await client.InferAsync(InferMessage.To("iris").ToArray())).Code.Should().Be(3);
        await Eventually.TrueAsync(() => pairs.Count == 11, "11 copies");
        pairs.Where(p => p.Copy.Status == 0).Select(p => Convert.ToHexString(p.Copy.Answer.Span)).Should().BeEquivalentTo(users);
        pairs.Should().OnlyContain(p => p.Copy.Status == p.Status);
        pod.Counted(MetricNames.ShadowStatus, "r2", "equal").Should().Be(11);
    }

    [Fact]
    public async Task A_binary_answer_and_a_refusal_are_copied_too()
    {
        await using var shadow = await LoopbackServer.StartAsync();
        await using var pod = await StartAsync(100, shadow.Address, shadow.Address);
        var binary = SplitPod.Row.Replace("\"inputs\"", "\"parameters\":{\"binary_data_output\":true},\"inputs\"", StringComparison.Ordinal);
        var answer = await pod.Runtime.PostAsync(SplitPod.Infer, binary);
        answer.Headers.Should().Contain("Content-Type", "application/octet-stream");
        (await pod.Runtime.PostAsync(SplitPod.Infer, "{")).Status.Should().Be(400);
        await Eventually.TrueAsync(() => pairs.Count == 2, "2 copies");
        pairs.Single(p => p.Copy.Status == 200).Copy.Answer.ToArray().Should().Equal(answer.Body);
        shadow.Requests.Select(r => r.Text).Should().BeEquivalentTo(binary, "{");
        shadow.Requests.Should().OnlyContain(r => r.Headers[Headers.Forwarded] == "r1");
        pod.Counted(MetricNames.ShadowStatus, "r2", "unequal").Should().Be(2);
    }

    [Fact]
    public async Task The_shadow_gets_its_percentage()
    {
        await using var shadow = await LoopbackServer.StartAsync();
        await using var pod = await StartAsync(25, shadow.Address, shadow.Address);
        for (var i = 0; i < 400; i++)
            (await pod.InferAsync()).Status.Should().Be(200);
        await Eventually.TrueAsync(() => pod.Counted(MetricNames.ShadowRequests) is >= 98 and <= 102, "about 100 copies");
    }

    [Fact]
    public async Task A_dead_shadow_costs_its_copies_and_nothing_else()
    {
        await using var pod = await StartAsync(100, new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:1"));
        for (var i = 0; i < 50; i++)
            (await pod.InferAsync()).Status.Should().Be(200);
        await Eventually.TrueAsync(() => pod.Counted(MetricNames.ShadowRequests, "r2", "failed") == 50, "50 failures");
    }

    [Theory]
    [InlineData(5, 1_000_000, 10, 21)]
    [InlineData(1000, 205, 10, 20)]
    public async Task A_shadow_that_hangs_fills_the_queue_to_its_bounds_and_the_rest_is_dropped_and_counted(
        int items, long bytes, long each, int taken)
    {
        await using var shadow = await LoopbackServer.StartAsync();
        shadow.Handler = context => context.HangAsync(shadow.Closing);
        var metrics = new RoutingMetrics(new MetricRegistry(), TimeProvider.System);
        using var forwarder = new Forwarder(TimeProvider.System);
        await using (var queue = new ShadowQueue(metrics, forwarder, items, bytes))
        {
            queue.Start();
            for (var i = 0; i < 100; i++)
            {
                queue.Offer("r2", each, () => Copy(shadow.Address, each));
                if (i < 16)
                    await Eventually.TrueAsync(() => shadow.Requests.Count == i + 1, "a sender that took it");
            }
            queue.Held.Should().Be(taken * each).And.BeLessThanOrEqualTo(bytes);
            metrics.Shadows.With("r2", ShadowOutcomes.Dropped).Value.Should().Be(100 - taken);
        }
        metrics.Shadows.With("r2", ShadowOutcomes.Failed).Value.Should().Be(taken, "what was taken is accounted for when it stops");
    }

    private static ShadowCopy Copy(Uri to, long bytes) => new(
        "r2", new HttpRequestMessage(HttpMethod.Post, to) { Content = new ByteArrayContent([1]) }, 200, default, IsGrpc: false, r => (int)r.StatusCode, bytes);

    private static string Row(int i) => SplitPod.Row.Replace("5.1", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private async Task<SplitPod> StartAsync(int percent, Uri http, Uri grpc)
    {
        var pod = await SplitPod.StartAsync(Splits.Of(1, Splits.Stable(100)) with
        {
            Shadow = new SplitShadow { Revision = "r2", Percent = percent, Http = http.Authority, Grpc = grpc.Authority },
        });
        pod.Runtime.Server.State.Split!.Shadows.Compare = pairs.Add;
        return pod;
    }
}
