using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Status;
using Sluice.Operator.Traffic;
using Sluice.Rollouts;
using Sluice.Operator.Tests.Support;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Tests.Status;

/// <summary>Nothing in a spec is silently ignored: each field changes what is planned or made, or is named as without effect.</summary>
public sealed class UnhonouredFieldsTests
{
    /// <summary>A value for every field; a new field without a line here fails <see cref="Every_field_has_a_line"/>.</summary>
    static readonly Dictionary<string, string> Values = new()
    {
        ["predictor.model.version"] = "{predictor: {model: {version: v}}}",
        ["predictor.model.modelFormat"] = "{predictor: {model: {storageUri: 'https://m/a.onnx', modelFormat: {name: sklearn}}}}",
        ["predictor.model.storageUri"] = "{predictor: {model: {storageUri: 'https://m/b.onnx'}}}",
        ["predictor.model.sha256"] = Model("sha256: abc"),
        ["predictor.model.credentials"] = Model("credentials: {secretName: s}"),
        ["predictor.model.resources"] = Model("resources: {limits: {cpu: 1}}"),
        ["predictor.model.env"] = Model("env: [{name: A, value: b}]"),
        ["predictor.minReplicas"] = Predictor("minReplicas: 2"),
        ["predictor.maxReplicas"] = Predictor("maxReplicas: 2"),
        ["predictor.autoscaler"] = Predictor("maxReplicas: 2, autoscaler: {metric: cpu, target: 50}"),
        ["predictor.scaleMetric"] = Predictor("maxReplicas: 2, scaleMetric: concurrency"),
        ["predictor.scaleTarget"] = Predictor("maxReplicas: 2, scaleTarget: 50"),
        ["predictor.canaryTrafficPercent"] = Predictor("canaryTrafficPercent: 10"),
        ["predictor.batcher"] = Predictor("batcher: {}"),
        ["predictor.logger"] = Predictor("logger: {}"),
        ["predictor.monitoring"] = Predictor("monitoring: {feedback: {}}"),
        ["predictor.auth"] = Predictor("auth: {apiKeysSecret: s}"),
        ["predictor.networkPolicy"] = Predictor("networkPolicy: {}"),
        ["predictor.timeoutSeconds"] = Predictor("timeoutSeconds: 5"),
        ["predictor.containerConcurrency"] = Predictor("containerConcurrency: 5"),
        ["predictor.serviceAccountName"] = Predictor("serviceAccountName: x"),
        ["predictor.nodeSelector"] = Predictor("nodeSelector: {a: b}"),
        ["predictor.tolerations"] = Predictor("tolerations: [{operator: Exists}]"),
        ["predictor.affinity"] = Predictor("affinity: {}"),
        ["predictor.labels"] = Predictor("labels: {sluice.dev/revision: x}"),
        ["predictor.annotations"] = Predictor("annotations: {a: b}"),
        ["rollout.strategy"] = Rollout("strategy: Shadow"),
        ["rollout.steps"] = Rollout("strategy: Canary, steps: [{weight: 7}]"),
        ["rollout.gates"] = Rollout("strategy: Canary, gates: [{name: a, nanRate: {max: 0}}]"),
        ["rollout.soak"] = Rollout("soak: 5m"),
        ["rollout.assignment"] = Rollout("assignment: {header: x}"),
        ["rollout.paused"] = Rollout("paused: true"),
        ["rollout.approve"] = Rollout("approve: {digest: x}"),
        ["rollout.abort"] = Rollout("abort: {digest: x}"),
        ["rollout.retry"] = Rollout("retry: a"),
        ["rollout.progressDeadline"] = Rollout("progressDeadline: 1m"),
        ["rollout.router"] = Rollout("router: GatewayAPI, gatewayRef: {name: g}"),
        ["rollout.gatewayRef"] = Rollout("router: GatewayAPI, gatewayRef: {name: h}"),
    };

    /// <summary>Speaks to people and tools only.</summary>
    static readonly string[] Informative = ["predictor.model.protocolVersion"];

    /// <summary>Has its effect beside a version that serves; SignatureTests shows it.</summary>
    static readonly string[] Conditional = ["rollout.allowSignatureChange"];

    public static TheoryData<string> Fields => [.. Values.Keys];

    [Fact]
    public void Every_field_has_a_line() =>
        Declared(typeof(PredictorSpec), "predictor.").Concat(Declared(typeof(RolloutSpec), "rollout.")).Concat(Declared(typeof(ModelSpec), "predictor.model."))
            .Except(["predictor.model"]).Except(Informative).Except(Conditional)
            .Should().BeEquivalentTo(Values.Keys);

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_has_its_effect_or_is_named(string field)
    {
        var service = Manifests.Service(Values[field]);

        var named = UnhonouredFields.Of(service.Spec).Any(f => f.StartsWith(field, StringComparison.Ordinal));
        var base_ = Values[field].Contains("maxReplicas: 2,", StringComparison.Ordinal) ? Predictor("maxReplicas: 2") : Predictor("minReplicas: 1");
        if (Values[field].Contains("strategy: Canary,", StringComparison.Ordinal))
            base_ = Rollout("strategy: Canary");
        var effective = Effect(service) != Effect(Manifests.Service(base_));

        (named || effective).Should().BeTrue($"{field} must do something or be named");
    }

    [Fact]
    public void A_plain_spec_is_honoured_whole() =>
        UnhonouredFields.Of(Manifests.Service(Predictor("minReplicas: 1, maxReplicas: 3, timeoutSeconds: 5, containerConcurrency: 4") ).Spec).Should().BeEmpty();

    static string Effect(InferenceService service)
    {
        var view = new ServiceView { Service = service };
        var intent = Intent.Of(view, SplitReading.None, Manifests.Route(view), "image", DateTimeOffset.UnixEpoch);
        var objects = intent.Wanted.Select(static w => w.Accept(new ToText(), default).GetAwaiter().GetResult());
        var split = new SplitConfigMapFor(service, TrafficSplit.Of(new Share("a", 50), new Share("b", 50)), []).Render(null);
        return $"{intent.Planning.Plan} {string.Join(',', intent.Planning.Plan.Steps)} {string.Join(',', intent.Planning.Plan.Gates)} {intent.Planning.Problem} {string.Join('\n', objects)} {split.Data!.Values.First()}";
    }

    static IEnumerable<string> Declared(Type type, string prefix) =>
        ((IJsonTypeInfoResolver)ApiJson.Default).GetTypeInfo(type, ApiJson.Default.Options)!.Properties.Select(p => prefix + p.Name);

    static string Model(string more) => $"{{predictor: {{model: {{storageUri: 'https://m/a.onnx', {more}}}}}}}";

    static string Predictor(string more) => $"{{predictor: {{model: {{storageUri: 'https://m/a.onnx'}}, {more}}}}}";

    static string Rollout(string more) => $"{{predictor: {{model: {{storageUri: 'https://m/a.onnx'}}}}, rollout: {{{more}}}}}";

    sealed class ToText : IWantedVisitor<string>
    {
        public Task<string> VisitAsync<T>(WantedObject<T> wanted, CancellationToken cancel)
            where T : KubeObject<T>, IKubeObject<T> => Task.FromResult(JsonSerializer.Serialize(wanted.Initial ?? wanted.Target, T.JsonType));
    }
}
