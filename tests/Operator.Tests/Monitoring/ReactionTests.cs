using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Monitoring.Profiles;
using Sluice.Operator.Api;
using Sluice.Operator.Monitoring;
using Sluice.Operator.Tests.Support;
using static Sluice.Operator.Tests.Monitoring.Samples;

namespace Sluice.Operator.Tests.Monitoring;

/// <summary>Drift leads to one Job and one CloudEvent per period, whoever asks and however often.</summary>
public sealed class ReactionTests
{
    const string Both = "{url: 'http://sink/', jobTemplate: {spec: {template: {spec: {containers: [{name: a}]}}}}, period: 1h}";

    [Fact]
    public void The_first_drift_is_reacted_to_by_names_that_depend_on_the_time_alone()
    {
        var reaction = Next(Both, Drift(1), null, Noon.AddSeconds(90.7))!;

        reaction.Should().BeEquivalentTo(new
        {
            Time = Noon.AddSeconds(90), Revision = "iris-a", WindowEnd = Noon.AddMinutes(1), JobStarted = (bool?)null, EventSent = (bool?)null,
        });
        reaction.Job.Should().StartWith("iris-drift-").And.Be(reaction.EventId).And.Be(Next(Both, Drift(1), null, Noon.AddSeconds(90.2))!.Job);
        reaction.Job.Should().NotBe(Next(Both, Drift(1), null, Noon.AddSeconds(91))!.Job);
        var evidence = ReactionEvidence.Of(reaction)!;
        evidence.Should().BeEquivalentTo(new { ModelVersion = "iris-2", Digest = "sha256:ab", Rows = 200L, BaselineRows = 2000L, WindowStart = Noon, WindowEnd = Noon.AddMinutes(1) });
        var moved = evidence.Moved.Should().ContainSingle().Which;
        moved.Should().BeEquivalentTo(new
        {
            Feature = "x", Method = "jensen_shannon", Prediction = (bool?)null,
            Baseline = new { Count = 2000L, Mean = 2.0, Deviation = 1.0, Min = 0.0, Max = 4.0, MissingShare = 0.0, UnexpectedShare = 0.0 },
            Observed = new { Count = 200L, Mean = 1.35 },
        });
        moved.Score.Should().BeGreaterThan(moved.Threshold);
        reaction.IsPending.Should().BeTrue();
    }

    [Fact]
    public void The_next_one_is_not_before_the_period_is_over_and_needs_rows_of_its_own()
    {
        var last = Next(Both, Drift(1), null, Noon.AddMinutes(1))! with { JobStarted = true, EventSent = true };

        Next(Both, Drift(50), last, Noon.AddMinutes(50)).Should().BeSameAs(last);
        Next(Both, Drift(1), last, Noon.AddMinutes(61)).Should().BeSameAs(last, "the same rows show nothing new");
        Next(Both, Drift(61), last, Noon.AddMinutes(61))!.Time.Should().Be(Noon.AddMinutes(61));
        Next(Both.Replace("1h", "24h", StringComparison.Ordinal), Drift(61), last, Noon.AddMinutes(61)).Should().BeSameAs(last);
    }

    [Fact]
    public void Nothing_happens_that_nobody_asked_for()
    {
        Next("{hold: true}", Drift(1), null, Noon).Should().BeNull();
        Next(Both, null, null, Noon).Should().BeNull();
        Reaction.ToDrift(Service(Both), Seen(1, 50, 50, 50, 50), null, null, Noon).Should().BeNull();
        var only = Next("{url: 'http://sink/'}", Drift(1), null, Noon)!;
        (only.Job, only.EventId is not null).Should().Be((null, true));
    }

    [Fact]
    public void A_drop_of_quality_leads_to_something_once_per_period_and_needs_labels_of_its_own()
    {
        var first = Drop(Both, Fallen(300), null, Noon)!;

        first.Job.Should().StartWith("iris-quality-").And.Be(first.EventId);
        first.Should().BeEquivalentTo(new { Revision = "iris-a", Labels = 300L });
        var evidence = ReactionEvidence.Of(first)!;
        (evidence.Digest, evidence.Rows).Should().Be(("sha256:ab", 300));
        evidence.Quality.Should().ContainSingle().Which.Limit.Should().Be(0.89);
        evidence.Moved.Should().ContainSingle("whoever looks for the cause wants to know what moved");
        Drop(Both, Fallen(400), first, Noon.AddMinutes(59)).Should().BeSameAs(first);
        Drop(Both, Fallen(400, dropped: false), first, Noon.AddMinutes(61)).Should().BeSameAs(first);
        Drop(Both, Fallen(300), first, Noon.AddMinutes(61)).Should().BeSameAs(first, "the same labels show nothing new");
        Drop(Both, Fallen(300), first, Noon.AddMinutes(61), "iris-b")!.Revision.Should().Be("iris-b");
        Drop(Both, Fallen(400), first, Noon.AddMinutes(61))!.Time.Should().Be(Noon.AddMinutes(61));
        Drop("{hold: true}", Fallen(300), null, Noon).Should().BeNull();
        Drop(Both, null, null, Noon).Should().BeNull();
    }

    [Fact]
    public void What_is_handed_over_is_bounded()
    {
        var wide = new CategoryProfile("x", 10, [.. Enumerable.Range(0, 500).Select(static i => new CategoryCount(new string((char)('a' + (i % 26)), 200) + i, i))],
            System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(Enumerable.Range(0, 64).Select(static i => KeyValuePair.Create($"new-{i}", 1000L))), 5);

        var summary = Moves.Summary(wide);

        summary.Top.Should().HaveCount(5).And.OnlyContain(static t => t.Value.Length <= 64);
        summary.Should().BeEquivalentTo(new { wide.Count, Mean = (double?)null });
        summary.UnexpectedShare.Should().BeApproximately(64_005.0 / wide.Count, 1e-5);
    }

    [Fact]
    public void The_job_for_a_drop_of_quality_has_names_of_its_own()
    {
        var reaction = Drop(Both, Fallen(300), null, Noon)!;

        var job = JsonSerializer.SerializeToNode(
            ReactionJobFor.Render(ReactionKind.QualityDrop, Service(Both), reaction, Json("{spec: {template: {spec: {containers: [{name: a}]}}}}")), ApiJson.Default.TemplatedJob)!;

        var container = job["spec"]!["template"]!["spec"]!["containers"]![0]!;
        (Variable(container, "SLUICE_QUALITY_METRICS"), Variable(container, "SLUICE_QUALITY_DIGEST"), Variable(container, "SLUICE_QUALITY_FEATURES")).Should().Be(("accuracy", "sha256:ab", "x"));
        JsonNode.Parse(Variable(container, "SLUICE_QUALITY_EVIDENCE"))!["quality"]![0]!["value"]!.GetValue<double>().Should().Be(0.7);
        job["metadata"]!["labels"]!["app.kubernetes.io/component"]!.ToString().Should().Be("quality-reaction");
    }

    [Fact]
    public void The_job_is_the_template_with_the_evidence_in_every_container()
    {
        const string template = """
            metadata: {labels: {team: ml, app.kubernetes.io/name: mine}, annotations: {a: b}}
            spec:
              backoffLimit: 2
              template:
                metadata: {labels: {x: y}}
                spec:
                  restartPolicy: Never
                  initContainers: [{name: fetch, image: f}]
                  containers:
                    - {name: train, image: t, env: [{name: EPOCHS, value: "3"}, {name: SLUICE_DRIFT_FEATURES, value: fake}], volumeMounts: [{name: w, mountPath: /w}]}
                  volumes: [{name: w, emptyDir: {}}]
            """;
        var service = Service("{jobTemplate: {spec: {}}}");
        var reaction = Next(Both, Drift(1), null, Noon)!;

        var job = JsonSerializer.SerializeToNode(ReactionJobFor.Render(ReactionKind.Drift, service, reaction, Json(template)), ApiJson.Default.TemplatedJob)!;

        (job["apiVersion"]!.ToString(), job["kind"]!.ToString(), job["metadata"]!["name"]!.ToString()).Should().Be(("batch/v1", "Job", reaction.Job!));
        job["metadata"]!["ownerReferences"]![0]!["uid"]!.ToString().Should().Be("uid-iris");
        job["metadata"]!["labels"]!["team"]!.ToString().Should().Be("ml");
        job["metadata"]!["labels"]!["sluice.dev/inferenceservice"]!.ToString().Should().Be("iris");
        job["metadata"]!["labels"]!["app.kubernetes.io/name"]!.ToString().Should().Be("inference");
        job["metadata"]!["annotations"]!["a"]!.ToString().Should().Be("b");
        job["spec"]!["backoffLimit"]!.GetValue<int>().Should().Be(2);
        var pod = job["spec"]!["template"]!;
        pod["metadata"]!["labels"]!.AsObject().Select(static l => l.Key).Should().Equal("x");
        pod["spec"]!["volumes"]!.ToJsonString().Should().Be("""[{"name":"w","emptyDir":{}}]""");
        foreach (var container in new[] { pod["spec"]!["initContainers"]![0]!, pod["spec"]!["containers"]![0]! })
        {
            Variable(container, "SLUICE_DRIFT_NAMESPACE").Should().Be("shop");
            Variable(container, "SLUICE_DRIFT_INFERENCESERVICE").Should().Be("iris");
            Variable(container, "SLUICE_DRIFT_MODELVERSION").Should().Be("iris-2");
            Variable(container, "SLUICE_DRIFT_FEATURES").Should().Be("x");
            var evidence = JsonNode.Parse(Variable(container, "SLUICE_DRIFT_EVIDENCE"))!;
            evidence["rows"]!.GetValue<long>().Should().Be(200);
            evidence["moved"]![0]!["feature"]!.ToString().Should().Be("x");
            evidence["moved"]![0]!["baseline"]!["mean"]!.GetValue<double>().Should().Be(2);
            evidence["moved"]![0]!["observed"]!["count"]!.GetValue<long>().Should().Be(200);
            (evidence["digest"]!.ToString(), evidence["baselineRows"]!.GetValue<long>()).Should().Be(("sha256:ab", 2000));
        }

        Variable(pod["spec"]!["containers"]![0]!, "EPOCHS").Should().Be("3");
    }

    [Theory]
    [InlineData("{spec: {template: {spec: {containers: [{name: a}]}}}}", null)]
    [InlineData("{spec: {template: {spec: {containers: []}}}}", "needs spec.template.spec.containers")]
    [InlineData("{spec: {template: {spec: {containers: [a]}}}}", "must hold objects")]
    [InlineData("{template: {spec: {containers: [{name: a}]}}}", "needs spec.template.spec.containers")]
    [InlineData("{spec: {template: {metadata: {labels: {sluice.dev/revision: x}}, spec: {containers: [{name: a}]}}}}", "label sluice.dev/revision of its pods is kept for Sluice")]
    public void What_is_wrong_with_a_template_is_known_before_it_is_needed(string template, string? problem)
    {
        var found = ReactionJobFor.Problem(Json(template));

        if (problem is null)
            found.Should().BeNull();
        else
            found.Should().Contain(problem);
        Status.UnhonouredFieldsOf($"{{jobTemplate: {template}}}").Should().HaveCount(problem is null ? 0 : 1);
    }

    internal static InferenceService Service(string wished, ReactionStatus? reaction = null, ReactionKind? kind = null) =>
        Manifests.Service($"{{predictor: {{model: {{version: iris-2}}, monitoring: {{drift: {{}}, feedback: {{}}, {((kind ?? ReactionKind.Drift) == ReactionKind.Drift ? "onDrift" : "onQualityDrop")}: {wished}}}}}}}") with
        {
            Status = new()
            {
                Stable = new() { Revision = "iris-a", Version = "iris-2", Digest = "sha256:ab" },
                Monitoring = kind == ReactionKind.QualityDrop ? new() { Revision = "iris-a", QualityReaction = reaction } : new() { Revision = "iris-a", Reaction = reaction },
            },
        };

    internal static ReactionStatus? Next(string onDrift, DriftFinding? drift, ReactionStatus? last, DateTimeOffset now) =>
        Reaction.ToDrift(Service(onDrift), drift, null, last, now);

    internal static DriftFinding Drift(double minutes) => Seen(minutes, 100, 50, 30, 20);

    static DriftFinding Seen(double minutes, params long[] cells) =>
        DriftFinding.Of(WatchedRevision.Of("iris-a", [Pod("a", Baseline(500, 500, 500, 500), minutes, cells)], 0));

    internal static ReactionStatus? Drop(string onQualityDrop, QualityStatus? quality, ReactionStatus? last, DateTimeOffset now, string revision = "iris-a")
    {
        var service = Service(onQualityDrop, kind: ReactionKind.QualityDrop);
        return Reaction.ToQualityDrop(service with { Status = service.Status! with { Stable = service.Status!.Stable! with { Revision = revision } } }, Drift(1), quality, last, now);
    }

    internal static QualityStatus Fallen(long labels, bool dropped = true) => new()
    {
        Figures = [new() { Metric = "accuracy", Value = 0.7, Expected = 0.94, Limit = 0.89, Rows = 300, Dropped = dropped }], Labels = labels, Time = Noon,
    };

    static JsonElement Json(string yaml) => JsonSerializer.SerializeToElement(Yaml.Read(yaml).Single()!.AsObject(), KubeJson.Default.JsonObject);

    static string Variable(JsonNode container, string name) => container["env"]!.AsArray().Single(e => e!["name"]!.ToString() == name)!["value"]!.ToString();

    static class Status
    {
        public static IReadOnlyList<string> UnhonouredFieldsOf(string onDrift) => Operator.Status.UnhonouredFields.Of(Service(onDrift).Spec);
    }
}
