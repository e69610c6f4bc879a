using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Evidence;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Status;
using Sluice.Operator.Tests.Support;
using Sluice.Operator.Traffic;
using Sluice.Rollouts;
using Sluice.Support.Http;
using Sluice.Support.Time;

namespace Sluice.Operator.Tests.Evidence;

/// <summary>
/// From what pods and Prometheus say, or do not, to status: whatever is missing, under whatever strategy, the rollout is
/// held with the reason in status, and can be taken back.
/// </summary>
public sealed class NoEvidenceTests : IAsyncLifetime
{
    const string Errors = "{name: errors, errorRate: {max: 0.05}}";
    const string Revenue = "{name: revenue, prometheus: {query: revenue, min: 1}}";
    const string Good = """{"data":{"resultType":"scalar","result":[1,"2"]}}""";

    static readonly Dictionary<string, string> Strategies = new()
    {
        ["Canary"] = "strategy: Canary, steps: [{weight: 20}, {weight: 50}]",
        ["BlueGreen"] = "strategy: BlueGreen",
        ["Shadow"] = "strategy: Shadow, approve: {digest: iris-b}",
        ["ABTest"] = "strategy: ABTest, approve: {digest: iris-b}",
    };

    static readonly Dictionary<string, Absence> Absences = new()
    {
        ["nothing"] = new(Errors, static (_, round) => Counted(round * 2000), ""),
        ["NaN"] = new(Revenue, static (_, round) => Counted(round * 2000), "the query has yielded no number") { Prometheus = """{"data":{"resultType":"scalar","result":[1,"NaN"]}}""" },
        ["empty"] = new(Errors, static (_, _) => """{"process":"p","generation":7,"revisions":[]}""", "no requests of the candidate have been seen"),
        ["no traffic"] = new(Errors, static (_, _) => Counted(0), "no requests of the candidate have been seen"),
        ["metrics unreachable"] = new(Errors, static (_, _) => null, "2 of 2 pods of stable cannot be read"),
        ["stale"] = new(Errors, static (_, _) => Counted(90_000), "no requests of the candidate have been seen"),
        ["counter reset"] = new(Errors, static (_, round) => Counted(90_000 - (round * 10_000)), "no requests of the candidate have been seen"),
        ["one pod unreadable"] = new(Errors, static (pod, round) => pod == "iris-a-1" ? null : Counted(round * 2000), "1 of 2 pods of stable cannot be read (iris-a-1)"),
        ["Prometheus down"] = new(Revenue, static (_, round) => Counted(round * 2000), "the query has yielded no number") { Prometheus = null },
    };

    readonly ManualTime time = new();
    LoopbackServer prometheus = null!;
    KubeClient client = null!;
    string candidate = "";

    public static TheoryData<string, string> Matrix()
    {
        var data = new TheoryData<string, string>();
        foreach (var strategy in Strategies.Keys)
        {
            foreach (var absence in Absences.Keys)
                data.Add(strategy, absence);
        }

        return data;
    }

    public async Task InitializeAsync()
    {
        prometheus = await LoopbackServer.StartAsync();
        client = new KubeClient(new KubeConfig { Server = prometheus.Address }, new KubeClientOptions { Jitter = new Jitter(new Random(1)) });
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await prometheus.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Without_evidence_nothing_goes_forward_and_everything_can_go_back(string strategy, string absence)
    {
        var missing = Absences[absence];
        prometheus.Handler = async context =>
        {
            if (missing.Prometheus is { } answer)
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer));
            else
                context.Abort();
        };
        var round = 0;
        var split = new PodSplit(client, (pod, _, _) => Task.FromResult(missing.Says(pod.Metadata.Name!, round)?.Replace("iris-b", candidate, StringComparison.Ordinal)), time);
        using var queries = new PrometheusQueries(prometheus.Address, time);
        var keeper = new GateKeeper(queries, time);
        var view = View($"{Strategies[strategy]}, gates: [{missing.Gate}]");

        var (intent, status) = await PassAsync(view, split, keeper);
        for (round = 1; round <= 5; round++)
        {
            time.Advance(TimeSpan.FromMinutes(20));
            (intent, status) = await PassAsync(view, split, keeper);
            if (absence != "nothing")
                intent.Decision.State.Should().BeEquivalentTo(new { Step = 0, Outcome = (RolloutOutcome?)null }).And.Match<RolloutState>(static s => s.Stage != Stage.Promoting && s.Stage != Stage.Scaling);
        }

        var condition = status.Conditions!.Single(static c => c.Type == ConditionTypes.GatesPassed);
        if (absence == "nothing")
        {
            condition.Status.Should().Be("True");
            new[] { Stage.Scaling, Stage.Promoting }.Should().Contain(intent.Decision.State.Stage!.Value, "with all of it the same gates let it go on");
            return;
        }

        (condition.Status, condition.Reason).Should().Be(("Unknown", Reasons.Undecided));
        condition.Message.Should().Contain(missing.Reason);
        var aborted = view with { Service = view.Service with { Spec = view.Service.Spec with { Rollout = view.Service.Spec.Rollout! with { Abort = new AbortSpec { Digest = candidate } } } } };
        (await PassAsync(aborted, split, keeper)).Intent.Decision.Should().Match<Decision>(
            static d => d.State.Stage == Stage.RollingBack && d.Split!.PercentOf("iris-a") == 100 && d.Split.Shares.Length == 1);
    }

    async Task<(Intent Intent, InferenceServiceStatus Status)> PassAsync(ServiceView view, PodSplit split, GateKeeper keeper)
    {
        var reading = await split.ReadAsync(view, default);
        reading = reading with { Judged = await keeper.JudgeAsync(view, reading, default) };
        var intent = Intent.Of(view, reading, RouteReading.None, new PodOptions("image"), time.GetUtcNow());
        return (intent, StatusFor.Render(intent.Status(view, reading, RouteReading.None, []), time.GetUtcNow()));
    }

    /// <summary>A candidate whose first step has been exposed a moment ago.</summary>
    ServiceView View(string rollout)
    {
        const string predictor = "{model: {storageUri: 'https://m/b.onnx'}}";
        var wanted = Planning.Of(new ServiceView { Service = Manifests.Service($"{{predictor: {predictor}}}") }, new PodOptions("image")).Plan.Wanted!.Name;
        candidate = wanted;
        var service = Manifests.Service($"{{predictor: {predictor}, rollout: {{{rollout.Replace("iris-b", wanted, StringComparison.Ordinal)}}}}}");
        var step = StepsFor.Spec(service.Spec)[0];
        RevisionStatus Revision(string name) => new() { Revision = name, Version = name, StorageUri = "https://m/b.onnx", Digest = name };
        var begun = new ServiceView { Service = service with { Status = new() { Stable = Revision("iris-a") } } };
        var hash = Intent.Of(begun, SplitReading.None, RouteReading.None, new PodOptions("image"), time.GetUtcNow()).Decision.State.StepsHash;
        var document = new SplitDocument
        {
            Generation = 7,
            Shares = [new SplitShare { Revision = "iris-a", Percent = 100 - step.Weight }, new SplitShare { Revision = wanted, Percent = step.Weight, Http = "10.0.0.2:80", Grpc = "10.0.0.2:90" }],
            Shadow = step.Shadow > 0 ? new SplitShadow { Revision = wanted, Percent = step.Shadow, Http = "10.0.0.2:80", Grpc = "10.0.0.2:90" } : null,
        };
        return new ServiceView
        {
            Service = service with
            {
                Status = new InferenceServiceStatus
                {
                    Stable = Revision("iris-a"),
                    Candidate = Revision(wanted),
                    Rollout = new RolloutStatus
                    {
                        Attempt = 2, Stage = step.Weight > 0 ? nameof(Stage.Analyzing) : nameof(Stage.Shadowing), Step = 0, StepTime = time.GetUtcNow(), StepsHash = hash,
                        WeightDesired = step.Weight, ShadowDesired = step.Shadow, StartedTime = time.GetUtcNow(), StageTime = time.GetUtcNow(),
                    },
                },
            },
            Pods = [Pod("iris-a-0", "iris-a"), Pod("iris-a-1", "iris-a"), Pod("b-0", wanted)],
            Services = [ServiceFor.Front(service, "iris-a")],
            ConfigMaps =
            [
                new ConfigMap
                {
                    Metadata = Child.Meta(service, Names.Split("iris"), null),
                    Data = new Dictionary<string, string> { [SplitDocument.FileName] = JsonSerializer.Serialize(document, ContractJson.Default.SplitDocument) },
                },
            ],
        };
    }

    Pod Pod(string name, string revision) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "shop", Uid = $"uid-{name}", Labels = new Dictionary<string, string> { [Labels.Revision] = revision } },
        Status = new PodStatus { StartTime = time.GetUtcNow().AddHours(-1), Conditions = [new PodCondition { Type = "Ready", Status = "True" }] },
    };

    static string Counted(long requests) => JsonSerializer.Serialize(
        EvidenceLedgerTests.Document(requests, requests, 0, requests, 0, 0, "p"), ContractJson.Default.EvidenceDocument);

    /// <param name="Gate">That is asked.</param>
    /// <param name="Says">What a pod says in each round; 90,000 requests had been counted before the step where it says so from the start.</param>
    /// <param name="Reason">What status names.</param>
    sealed record Absence(string Gate, Func<string, int, string?> Says, string Reason)
    {
        public string? Prometheus { get; init; } = Good;
    }
}
