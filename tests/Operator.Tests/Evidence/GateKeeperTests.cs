using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Evidence;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Status;
using Sluice.Operator.Tests.Support;
using Sluice.Operator.Traffic;
using Sluice.Rollouts;
using Sluice.Rollouts.Evidence;
using Sluice.Rollouts.Records;
using Sluice.Support.Http;
using Sluice.Support.Time;

namespace Sluice.Operator.Tests.Evidence;

public sealed class GateKeeperTests
{
    const string Steps = "steps: [{shadow: {percent: 50}}, {weight: 20}]";
    const string Errors = "gates: [{name: errors, errorRate: {maxOverStable: 0.01}}]";

    readonly ManualTime time = new();
    readonly EvidenceLedger ledger = new();

    [Theory]
    [InlineData("strategy: Canary", "errors latency finite agreement")]
    [InlineData("strategy: Canary, steps: [{weight: 20}]", "errors latency finite")]
    [InlineData("strategy: Canary, gates: []", "")]
    [InlineData("strategy: BlueGreen", "")]
    [InlineData("strategy: Canary, router: GatewayAPI, gatewayRef: {name: g}", "")]
    [InlineData("strategy: Shadow, gates: [{name: a, agreement: {min: 0.9}}]", "a")]
    public void A_canary_is_guarded_unless_somebody_says_how(string rollout, string names)
    {
        var spec = Manifests.Service($"{{predictor: {{model: {{storageUri: 'https://m/a.onnx'}}}}, rollout: {{{rollout}}}}}").Spec;

        string.Join(' ', GatesFor.Spec(spec, StepsFor.Spec(spec)).Select(static g => g.Name)).Should().Be(names);
    }

    [Fact]
    public void Each_gate_is_what_its_spec_says()
    {
        const string gates = """
            [{name: a, errorRate: {max: 0.01}, minSamples: 7, maxDuration: 5m, onUndecided: RollBack}, {name: b, latency: {max: 200ms}},
             {name: c, latency: {quantile: 0.5, maxRatio: 2}}, {name: d, nanRate: {max: 0, maxOverStable: 0.01}}, {name: e, agreement: {min: 0.9, output: x, floorPercent: 0}},
             {name: f, drift: {max: 0.2, maxOverStable: 0.1}}, {name: g, accuracy: {min: 0.9, maxDrop: 0.1}}, {name: h, prometheus: {query: up, min: 1}}]
            """;
        var spec = Manifests.Service($"{{predictor: {{model: {{storageUri: 'https://m/a.onnx'}}}}, rollout: {{strategy: Canary, gates: {gates}}}}}").Spec;

        GatesFor.Spec(spec, []).Should().Equal(
            new ErrorRate("a", 0.01, null) { MinSamples = 7, MaxDuration = TimeSpan.FromMinutes(5), RollBackWhenUndecided = true },
            new Latency("b", 0.95, 0.2, null),
            new Latency("c", 0.5, null, 2),
            new NanRate("d", 0, 0.01),
            new Agreement("e", 0.9, "x", FloorPercent: 0),
            new Drift("f", 0.2, 0.1),
            new Accuracy("g", 0.9, 0.1),
            new PromQuery("h", 1, null));
        UnhonouredFields.Of(spec).Should().HaveCount(2).And.Contain(static f => f.StartsWith("rollout.gates[f].drift (set predictor.monitoring.drift"))
            .And.Contain(static f => f.StartsWith("rollout.gates[g].accuracy (set predictor.monitoring.feedback"), "its pods watch nothing");
        UnhonouredFields.Of(spec with { Predictor = spec.Predictor with { Monitoring = new MonitoringSpec { Drift = new DriftSpec(), Feedback = new FeedbackSpec() } } }).Should().BeEmpty();
    }

    [Fact]
    public async Task Evidence_becomes_findings_verdicts_a_condition_and_status()
    {
        var keeper = new GateKeeper(null, time);
        var view = View(Errors, step: 1, weight: 20);
        (await JudgeAsync(keeper, view, 0, 0)).Single().Verdict.Should().Be(Verdict.Undecided);

        var judged = await LookAsync(keeper, view, 4000, 1000, failed: 300);

        judged!.Findings.Single().Should().BeEquivalentTo(new { Gate = "errors", Verdict = Verdict.Fail, Samples = 1000 });
        var reading = new SplitReading(null, [], null) { Judged = judged };
        var intent = Intent.Of(view, reading, RouteReading.None, "image", time.GetUtcNow());
        intent.Seen.Verdicts.Single().Should().BeEquivalentTo(new { Attempt = 2, Step = 1, Verdict = Verdict.Fail });
        intent.Decision.State.Stage.Should().Be(Stage.RollingBack);
        var status = StatusFor.Render(intent.Status(view, reading, RouteReading.None, []), time.GetUtcNow());
        status.Rollout!.Evidence!.Single().Message.Should().Contain("30 % of 1000 failed against 0 % of 4000 at stable");
        status.Conditions!.Single(static c => c.Type == ConditionTypes.GatesPassed).Should().BeEquivalentTo(new { Status = "False", Reason = "GateFailed" });
    }

    [Fact]
    public async Task Evidence_that_grows_and_decides_nothing_is_told_now_and_then()
    {
        var keeper = new GateKeeper(null, time);
        var view = View(Errors, step: 1, weight: 20);
        await JudgeAsync(keeper, view, 0, 0);
        time.Advance(TimeSpan.FromSeconds(6));
        var first = await JudgeAsync(keeper, view, 30, 25);

        time.Advance(TimeSpan.FromSeconds(1));
        (await JudgeAsync(keeper, view, 60, 30)).Should().Equal(first);
        time.Advance(TimeSpan.FromSeconds(5));
        (await JudgeAsync(keeper, view, 90, 35)).Single().Samples.Should().Be(35);
    }

    [Fact]
    public async Task Without_a_step_or_a_gate_nothing_is_judged()
    {
        var keeper = new GateKeeper(null, time);

        (await JudgeAsync(keeper, View("gates: []", step: 1, weight: 20), 10, 10)).Should().BeEmpty();
        (await JudgeAsync(keeper, View(Errors, step: null, weight: 0), 10, 10)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_query_is_asked_and_what_is_no_number_is_undecided()
    {
        var server = await LoopbackServer.StartAsync();
        var result = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"150"]}]}}""";
        server.Handler = async context =>
        {
            context.Request.Query["query"].ToString().Should().Be("sum(revenue)");
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(result));
        };
        using var queries = new PrometheusQueries(server.Address, time);
        var keeper = new GateKeeper(queries, time);
        var view = View("gates: [{name: revenue, prometheus: {query: sum(revenue), min: 100}}]", step: 1, weight: 20);

        (await JudgeAsync(keeper, view, 0, 0)).Single().Verdict.Should().Be(Verdict.Pass);
        foreach (var (text, expected) in new[]
        {
            ("""{"data":{"resultType":"scalar","result":[1,"99"]}}""", Verdict.Fail),
            ("""{"data":{"resultType":"vector","result":[]}}""", Verdict.Undecided),
            ("""{"data":{"resultType":"scalar","result":[1,"NaN"]}}""", Verdict.Undecided),
            ("""{"data":{"resultType":"vector","result":[{"value":[1,"150"]},{"value":[1,"150"]}]}}""", Verdict.Undecided),
            ("<html>", Verdict.Undecided),
        })
        {
            result = text;
            time.Advance(TimeSpan.FromSeconds(6));
            (await JudgeAsync(keeper, view, 0, 0)).Single().Verdict.Should().Be(expected, text);
        }

        await server.DisposeAsync();
        time.Advance(TimeSpan.FromSeconds(6));
        (await JudgeAsync(keeper, view, 0, 0)).Single().Verdict.Should().Be(Verdict.Undecided, "Prometheus is down");
        (await JudgeAsync(new GateKeeper(null, time), view, 0, 0)).Single().Message.Should().Contain("--prometheus-url");
    }

    async Task<IReadOnlyList<Finding>> JudgeAsync(GateKeeper keeper, ServiceView view, long stable, long drawn) =>
        await LookAsync(keeper, view, stable, drawn) is { } judged ? judged.Findings : [];

    async Task<Judged?> LookAsync(GateKeeper keeper, ServiceView view, long stable, long drawn, long failed = 0) =>
        await keeper.JudgeAsync(
            view, SplitReading.None with { Counted = RunningStep.Of(view.Service.Status) is { } step ? ledger.Add(step, [EvidenceLedgerTests.Says("a-1", stable, drawn, failed)]) : null }, default);

    static Pod Pod(string revision) => new()
    {
        Metadata = new ObjectMeta { Name = revision + "-0", Uid = revision + "-0", Labels = new Dictionary<string, string> { [Labels.Revision] = revision } },
        Status = new PodStatus { Conditions = [new PodCondition { Type = "Ready", Status = "True" }] },
    };

    ServiceView View(string gates, int? step, int weight)
    {
        var service = Manifests.Service($"{{predictor: {{model: {{storageUri: 'https://m/a.onnx'}}}}, rollout: {{strategy: Canary, {Steps}, {gates}}}}}");
        RevisionStatus Revision(string name) => new() { Revision = name, Version = name, StorageUri = "https://m/a.onnx", Digest = name };
        var status = new InferenceServiceStatus
        {
            Stable = Revision("iris-a"),
            Candidate = Revision("iris-b"),
            Rollout = new RolloutStatus
            {
                Attempt = 2, Stage = "Analyzing", Step = step, StepTime = step is null ? null : time.GetUtcNow(), WeightDesired = weight,
            },
        };
        return new ServiceView { Service = service with { Status = status }, Pods = [Pod("iris-a"), Pod("iris-b")] };
    }
}
