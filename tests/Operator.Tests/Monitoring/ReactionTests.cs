using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
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
            Time = Noon.AddSeconds(90), Revision = "iris-a", Version = "iris-2", Rows = 200L, WindowEnd = Noon.AddMinutes(1), JobStarted = (bool?)null, EventSent = (bool?)null,
        });
        reaction.Job.Should().StartWith("iris-drift-").And.Be(reaction.EventId).And.Be(Next(Both, Drift(1), null, Noon.AddSeconds(90.2))!.Job);
        reaction.Job.Should().NotBe(Next(Both, Drift(1), null, Noon.AddSeconds(91))!.Job);
        reaction.Moved.Should().ContainSingle().Which.Feature.Should().Be("x");
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
        Next(Both, Drift(1) with { Drifted = false }, null, Noon).Should().BeNull();
        var only = Next("{url: 'http://sink/'}", Drift(1), null, Noon)!;
        (only.Job, only.EventId is not null).Should().Be((null, true));
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

        var job = JsonSerializer.SerializeToNode(ReactionJobFor.Render(service, reaction, Json(template)), ApiJson.Default.TemplatedJob)!;

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

    internal static InferenceService Service(string onDrift, ReactionStatus? reaction = null) =>
        Manifests.Service($"{{predictor: {{model: {{version: iris-2}}, monitoring: {{drift: {{}}, onDrift: {onDrift}}}}}}}") with
        {
            Status = new() { Stable = new() { Revision = "iris-a", Version = "iris-2" }, Monitoring = new() { Revision = "iris-a", Reaction = reaction } },
        };

    internal static ReactionStatus? Next(string onDrift, DriftStatus? drift, ReactionStatus? last, DateTimeOffset now) =>
        Reaction.Next(Service(onDrift), drift, last, now);

    internal static DriftStatus Drift(double minutes) =>
        DriftFinding.Of(WatchedRevision.Of("iris-a", [Pod("a", Baseline(500, 500, 500, 500), minutes, 100, 50, 30, 20)], 0)).Compared!;

    static JsonElement Json(string yaml) => JsonSerializer.SerializeToElement(Yaml.Read(yaml).Single()!.AsObject(), KubeJson.Default.JsonObject);

    static string Variable(JsonNode container, string name) => container["env"]!.AsArray().Single(e => e!["name"]!.ToString() == name)!["value"]!.ToString();

    static class Status
    {
        public static IReadOnlyList<string> UnhonouredFieldsOf(string onDrift) => Operator.Status.UnhonouredFields.Of(Service(onDrift).Spec);
    }
}
