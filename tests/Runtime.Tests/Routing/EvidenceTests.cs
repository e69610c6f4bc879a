using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Routing.Evidence;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support;

namespace Sluice.Runtime.Tests.Routing;

public sealed class EvidenceTests
{
    /// <summary>Rows of which the models of version 1 and 3 call some otherwise.</summary>
    private const string Rows = "[[5.1,3.5,1.4,0.2],[7.0,3.2,4.7,1.4],[6.3,3.3,6.0,2.5]]";

    private static readonly string V2 = $$"""{"inputs":[{"name":"input","shape":[3,4],"datatype":"FP32","data":{{Rows}}}]}""";

    [Theory]
    [InlineData("iris/1", false)]
    [InlineData("iris/3-wrong", true)]
    public async Task Labels_that_change_are_seen_over_every_protocol(string model, bool differs)
    {
        await using var shadow = await TestRuntime.StartAsync(model, "iris", s => s with { Revision = "r2" });
        await using var pod = await StartAsync(shadow);
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        float[] values = [5.1f, 3.5f, 1.4f, 0.2f, 7.0f, 3.2f, 4.7f, 1.4f, 6.3f, 3.3f, 6.0f, 2.5f];

        (await pod.Runtime.PostAsync(SplitPod.Infer, V2)).Status.Should().Be(200);
        (await pod.Runtime.PostAsync(SplitPod.Infer, V2.Replace("{\"inputs\"", "{\"parameters\":{\"binary_data_output\":true},\"inputs\"", StringComparison.Ordinal))).Status.Should().Be(200);
        (await pod.Runtime.PostAsync("/v1/models/iris:predict", $$"""{"instances":{{Rows}}}""")).Status.Should().Be(200);
        (await client.InferAsync(InferMessage.To("iris").Typed("input", "FP32", [3, 4], InferMessage.Floats(values)).ToArray())).Code.Should().Be(0);
        (await client.InferAsync(InferMessage.To("iris").Input("input", "FP32", 3, 4).Contents(InferMessage.Bytes(values)).ToArray())).Code.Should().Be(0);
        await Eventually.TrueAsync(async () => (await OfAsync(pod))?.Compared.Pairs == 5, "5 comparisons");

        var counts = (await OfAsync(pod))!;
        counts.Compared.Different.Should().Be(differs ? 5 : 0);
        counts.Compared.Unread.Should().Be(0);
        counts.Copied.Should().BeEquivalentTo(new { Requests = 5L, Failures = 0L, NotFinite = 0L });
        counts.Copied.Latencies.Where((_, i) => i % 2 == 1).Sum().Should().Be(5);
        counts.Drawn.Requests.Should().Be(0);
        counts.Compared.Outputs.SelectMany(static o => o.Flips).Any().Should().Be(differs);
        (await OfAsync(pod, "r1"))!.Drawn.Should().BeEquivalentTo(new { Requests = 5L, Failures = 0L });
    }

    [Fact]
    public async Task What_the_split_passes_on_is_counted_with_its_failures_and_what_callers_ask_for_is_not()
    {
        await using var pod = await SplitPod.StartAsync(50, new Uri("http://127.0.0.1:1"));
        for (var i = 0; i < 20; i++)
            (await pod.InferAsync()).Status.Should().Be(200);
        await pod.InferAsync((Headers.Revision, "r1"));

        var (candidate, stable) = ((await OfAsync(pod))!.Drawn, (await OfAsync(pod, "r1"))!.Drawn);
        candidate.Requests.Should().BeGreaterThan(0).And.Be(candidate.Failures);
        candidate.Latencies.Should().BeEmpty("nothing was answered");
        (stable.Requests + candidate.Requests).Should().Be(20);
    }

    [Fact]
    public async Task A_copy_that_is_refused_although_its_user_got_an_answer_has_failed()
    {
        await using var shadow = await TestRuntime.StartAsync("iris/2", "flower", static s => s with { Revision = "r2" });
        await using var pod = await StartAsync(shadow);
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);

        (await pod.InferAsync()).Status.Should().Be(200);
        (await client.InferAsync(InferMessage.Iris())).Code.Should().Be(0);
        (await pod.Runtime.PostAsync(SplitPod.Infer, "{")).Status.Should().Be(400);
        await Eventually.TrueAsync(async () => (await OfAsync(pod))?.Copied.Requests == 3, "3 copies");

        (await OfAsync(pod))!.Copied.Failures.Should().Be(2, "shadow and user agree on the third");
    }

    [Fact]
    public async Task An_answer_with_NaN_says_so_and_is_counted_where_the_split_is()
    {
        await using var candidate = await TestRuntime.StartAsync("nan/1", "iris", s => s with { Revision = "r2" });
        await using var pod = await SplitPod.StartAsync(SplitPod.Document(1, 50, candidate.Server.Http, grpc: candidate.Server.Grpc));
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        var row = SplitPod.Row.Replace("5.1", "-5.1", StringComparison.Ordinal);
        var message = InferMessage.To("iris").Typed("input", "FP32", [1, 4], InferMessage.Floats(-1, 1, 1, 1)).ToArray();

        (await candidate.PostAsync(SplitPod.Infer, row)).Headers.Should().ContainKey(Headers.NotFinite);
        (await candidate.PostAsync(SplitPod.Infer, SplitPod.Row)).Headers.Should().NotContainKey(Headers.NotFinite);
        for (var i = 0; i < 10; i++)
        {
            (await pod.Runtime.PostAsync(SplitPod.Infer, row)).Status.Should().Be(200);
            (await client.InferAsync(message)).Code.Should().Be(0);
            (await pod.InferAsync()).Status.Should().Be(200);
        }

        var drawn = (await OfAsync(pod))!.Drawn;
        drawn.NotFinite.Should().BePositive().And.BeLessThan(drawn.Requests);
        (await OfAsync(pod, "r1"))!.Drawn.NotFinite.Should().Be(0);
        pod.Counted(MetricNames.NotFiniteAnswers, "r2", "candidate").Should().Be(drawn.NotFinite);
    }

    [Fact]
    public void Numbers_are_the_same_within_a_tolerance_and_shares_by_the_highest()
    {
        OutputDifference Of(double[] one, double[] other, params long[] shape) =>
            OutputDifference.Of(Floats(one, shape), Floats(other, shape));

        Of([1, 2], [1.001, 2], 2).IsDifferent.Should().BeFalse();
        Of([1, 2], [1.1, 2], 2).Should().BeEquivalentTo(new { IsDifferent = true, Decisive = false, Shape = false });
        Of([1, -200], [1.5, -250], 2).Distance.Should().Be(new Distance(0.5 / 1.5, 50), "the largest of each");
        Of([double.NaN, 2], [double.NaN, 2], 2).IsDifferent.Should().BeFalse();
        Of([1, 2], [double.NaN, 2], 2).Decisive.Should().BeTrue();
        Of([0.2, 0.8], [0.4, 0.6], 1, 2).Should().BeEquivalentTo(new { IsDifferent = true, Decisive = false });
        Of([0.2, 0.8, 0.9, 0.1], [0.6, 0.4, 0.8, 0.2], 2, 2).Flips.Should().Equal([("1", "0")]);
        OutputDifference.Of(Floats([1, 2], 2), Floats([1, 2], 1, 2)).Shape.Should().BeTrue();
        OutputDifference.Of(Floats([1, 2], 2), null).Shape.Should().BeTrue();
        OutputDifference.Of(Texts("a", "b"), Texts("a", "c")).Flips.Should().Equal([("b", "c")]);
        OutputDifference.Of(Texts("a"), Floats([1], 1)).Shape.Should().BeTrue();
    }

    [Fact]
    public async Task A_share_of_the_copies_goes_to_the_own_revision_too_and_shows_what_differs_without_a_change()
    {
        await using var shadow = await TestRuntime.StartAsync("iris/3-wrong", "iris", s => s with { Revision = "r2" });
        // Another pod of the same revision.
        await using var twin = await SplitPod.StartAsync(Splits.Of(1, Splits.Stable(100)));
        await using var pod = await SplitPod.StartAsync(Splits.Of(1, Splits.Stable(100)) with { Shadow = Copying(shadow, new SplitFloor
        {
            Percent = 50, Http = twin.Runtime.Server.Http.Authority, Grpc = twin.Runtime.Server.Grpc.Authority,
        }) });
        using var client = new GrpcClient(pod.Runtime.Server.Grpc);
        for (var i = 0; i < 20; i++)
            (await pod.Runtime.PostAsync(SplitPod.Infer, V2)).Status.Should().Be(200);
        for (var i = 0; i < 20; i++)
            (await client.InferAsync(InferMessage.To("iris").Typed("input", "FP32", [1, 4], InferMessage.Floats(i, 3, 2, 1)).ToArray())).Code.Should().Be(0);

        await Eventually.TrueAsync(
            async () => (await OfAsync(pod))?.Compared.Pairs == 40 && (await OfAsync(pod, "r1"))?.Compared.Pairs is >= 15 and <= 25, "40 comparisons, and of about half of them the floor");

        (await OfAsync(pod, "r1"))!.Compared.Should().BeEquivalentTo(new { Different = 0L, Unread = 0L });
        (await OfAsync(pod, "r1"))!.Drawn.Requests.Should().Be(40, "a copy is no user's request");
        (await OfAsync(pod))!.Compared.Different.Should().BePositive();
        pod.Counted(MetricNames.ShadowComparisons, "r2", "", "same").Should().BeLessThan(40);
        pod.Counted(MetricNames.ShadowComparisons, "r1", "", "different").Should().Be(0);
        pod.Counted(MetricNames.ShadowFlips, "r2").Should().BePositive();
        pod.Counted(MetricNames.ShadowFlips, "r1").Should().Be(0);
        pod.Counted(MetricNames.ShadowDistance + "_count", "r2").Should().BePositive();
        pod.Counted(MetricNames.ShadowAbsoluteDistance + "_count", "r2").Should().BePositive();
        pod.Counted(MetricNames.ShadowLatencyDifference + "_count", "r2").Should().Be(40);
        (await OfAsync(twin, "r1")).Should().Match<RevisionCounts?>(static r => r == null || r.Drawn.Requests == 0, "its own users are none of them");
    }

    [Fact]
    public void A_tolerance_that_somebody_set_decides_for_its_output_and_the_whole_answer()
    {
        var wished = new Tolerances([new OutputTolerance { Output = "y", Relative = 0.2 }, new OutputTolerance { Absolute = 0.5 }]);
        OutputDifference Of(double one, double other, string name) => OutputDifference.Of(
            Floats([one], 1) with { Name = name }, Floats([other], 1) with { Name = name }, wished);

        Of(1, 1.1, "y").Should().BeEquivalentTo(new { IsDifferent = false, Decisive = false });
        Of(1, 1.4, "y").Should().BeEquivalentTo(new { IsDifferent = true, Decisive = true });
        Of(100, 100.4, "z").Should().BeEquivalentTo(new { IsDifferent = false, Decisive = false });
        Of(100, 100.6, "z").Should().BeEquivalentTo(new { IsDifferent = true, Decisive = true });
        Of(1, double.NaN, "y").Decisive.Should().BeTrue();
        OutputDifference.Of(Floats([1e-9], 1), Floats([2e-9], 1)).IsDifferent.Should().BeFalse("both are as good as zero");
    }

    [Fact]
    public void Memory_does_not_grow_with_what_differs()
    {
        var comparisons = new Comparisons(new ComparisonMetrics(new MetricRegistry()).Of("r2"));
        for (var i = 0; i < 1000; i++)
            comparisons.Count([Texts(new string('x', 1000) + i, $"{i}") with { Name = $"output{i % 50}" }], [Texts("a", "b") with { Name = $"output{i % 50}" }]);

        var counts = comparisons.Counts();
        counts.Should().BeEquivalentTo(new { Pairs = 1000L, Different = 1000L });
        counts.Outputs.Should().HaveCount(32).And.OnlyContain(static o => o.Flips.Count <= 64 && o.Flips.All(static f => f.From.Length <= 64));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"outputs\":[{}]}")]
    [InlineData("{\"outputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1],\"parameters\":{\"binary_data_size\":9}}]}")]
    [InlineData("<html>")]
    public void What_is_no_answer_is_told_apart(string body)
    {
        var reading = () => JsonAnswers.Read(Encoding.UTF8.GetBytes(body));

        reading.Should().Throw<UnreadableAnswerException>();
    }

    [Theory]
    [InlineData(1e-6, 0)]
    [InlineData(2e-5, 0)]
    [InlineData(1e9, 1500)]
    public void A_latency_has_a_bucket(double seconds, int expected) => LatencyBuckets.Index(seconds).Should().Be(expected);

    [Fact]
    public void A_latency_is_within_the_bounds_of_its_bucket()
    {
        for (var seconds = 2.1e-5; seconds < 50; seconds *= 1.0137)
        {
            var index = LatencyBuckets.Index(seconds);
            seconds.Should().BeInRange(LatencyBuckets.Bounds[index - 1] * 0.999999, LatencyBuckets.Bounds[index] * 1.000001);
        }
    }

    private static Answered Floats(double[] numbers, params long[] shape) => new("y", "FP32", shape, numbers, null, AreWhole: false);

    private static Answered Texts(params string[] texts) => new("y", "BYTES", [texts.Length], null, texts, AreWhole: false);

    private static Task<SplitPod> StartAsync(TestRuntime shadow) =>
        SplitPod.StartAsync(Splits.Of(1, Splits.Stable(100)) with { Shadow = Copying(shadow) });

    private static SplitShadow Copying(TestRuntime shadow, SplitFloor? floor = null) => new()
    {
        Revision = "r2", Percent = 100, Http = shadow.Server.Http.Authority, Grpc = shadow.Server.Grpc.Authority, Floor = floor,
    };

    private static async Task<RevisionCounts?> OfAsync(SplitPod pod, string revision = "r2")
    {
        using var answer = await pod.Runtime.Client.GetAsync(new Uri(pod.Runtime.Server.Admin, EvidenceDocument.Path));
        answer.IsSuccessStatusCode.Should().BeTrue();
        var document = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(), ContractJson.Default.EvidenceDocument)!;
        return document.Revisions.SingleOrDefault(r => r.Revision == revision);
    }
}
