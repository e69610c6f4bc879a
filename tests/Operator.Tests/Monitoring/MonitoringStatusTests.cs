using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Monitoring;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Status;
using Sluice.Operator.Tests.Support;
using Sluice.Operator.Traffic;
using static Sluice.Operator.Tests.Monitoring.Samples;

namespace Sluice.Operator.Tests.Monitoring;

/// <summary>From what pods say to conditions, Events, metrics' figures in status, and a rollout that waits.</summary>
public sealed class MonitoringStatusTests
{
    const string Watching = "monitoring: {drift: {}, feedback: {}, onDrift: {hold: true}, onQualityDrop: {hold: true}}";

    static readonly Baseline Even = Baseline(500, 500, 500, 500);
    static readonly PodMonitor Moved = Pod("a", Even, 1, 100, 50, 30, 20);
    static readonly PodMonitor Quiet = Pod("a", Even, 2, 50, 50, 50, 50);

    [Fact]
    public void Drift_is_a_condition_an_Event_and_figures()
    {
        var (status, occasions) = Pass(View(Watching), Moved);

        Condition(status, "DriftDetected").Should().BeEquivalentTo(new { Status = "True", Reason = "DataDrift", ObservedGeneration = 1L });
        Condition(status, "DriftDetected").Message.Should().Contain("x jensen_shannon").And.Contain("200 rows of 1 pod");
        status.Monitoring!.Should().BeEquivalentTo(new { Revision = "iris-a", Drift = new { Drifted = true, Rows = 200L } });
        occasions.Should().ContainSingle(static o => o.Reason == "DataDrift" && o.Warning);

        var (after, quiet) = Pass(View(Watching, status), Quiet);
        Condition(after, "DriftDetected").Should().BeEquivalentTo(new { Status = "False", Reason = "NoDrift" });
        quiet.Should().ContainSingle(static o => o.Reason == "NoDrift" && !o.Warning);
    }

    [Fact]
    public void A_verdict_that_stays_is_one_Event()
    {
        var (status, _) = Pass(View(Watching), Moved);

        var (same, occasions) = Pass(View(Watching, status), Pod("a", Even, 3, 110, 50, 30, 20));

        occasions.Should().NotContain(static o => o.Reason == "DataDrift");
        same.Monitoring!.Drift!.Rows.Should().Be(210);
    }

    [Fact]
    public void A_drop_of_quality_is_a_condition_an_Event_and_figures()
    {
        var (status, occasions) = Pass(View(Watching), new PodMonitor("a", Labelled(300, 0.7), null));

        Condition(status, "QualityDropped").Should().BeEquivalentTo(new { Status = "True", Reason = "QualityBelowExpected" });
        status.Monitoring!.Quality!.Figures.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Metric = "accuracy", Value = 0.7, Expected = 0.94, Limit = 0.89, Rows = 300L, Dropped = true });
        occasions.Should().ContainSingle(static o => o.Reason == "QualityBelowExpected" && o.Warning);
    }

    [Fact]
    public void Nobody_who_does_not_ask_is_told()
    {
        var (status, _) = Pass(View("minReplicas: 1"), Moved);

        status.Monitoring.Should().BeNull();
        status.Conditions!.Select(static c => c.Type).Should().NotContain(["DriftDetected", "QualityDropped"]);
    }

    [Fact]
    public void What_drift_led_to_is_told_once()
    {
        var decided = ReactionTests.Next("{url: 'http://x/', jobTemplate: {spec: {}}}", ReactionTests.Drift(1), null, Noon)!;
        IEnumerable<string> Told(ReactionStatus? before, ReactionStatus? now)
        {
            var view = View(Watching, new() { Monitoring = new() { Revision = "iris-a", Reaction = before } });
            return Pass(view, Moved, now).Occasions.Select(static o => o.Reason).Intersect(["RetrainingStarted", "DriftReported", "ReactionFailed"]);
        }

        Told(null, decided).Should().BeEmpty();
        Told(decided, decided with { JobStarted = true, EventSent = true }).Should().Equal("RetrainingStarted", "DriftReported");
        Told(decided, decided with { JobStarted = true, Problem = "p" }).Should().Equal("RetrainingStarted", "ReactionFailed");
        Told(decided with { Problem = "p" }, decided with { Problem = "p" }).Should().BeEmpty();

        var dropped = ReactionTests.Drop("{url: 'http://x/'}", ReactionTests.Fallen(300), null, Noon)!;
        var fallen = View(Watching, new() { Monitoring = new() { Revision = "iris-a", QualityReaction = dropped } });
        Pass(fallen, Moved, null, dropped with { EventSent = true }).Occasions.Should().ContainSingle(static o => o.Reason == "QualityDropReported" && o.Message.EndsWith("because quality has dropped."));
    }

    [Fact]
    public void A_rollout_waits_while_the_data_drifts_and_only_when_asked_to()
    {
        MonitoringView.Hold(View(Watching), Reading(Moved), Noon).Should().StartWith("predictor.monitoring.onDrift.hold is set");
        MonitoringView.Hold(View(Watching), Reading(Quiet), Noon).Should().BeNull();
        MonitoringView.Hold(View("monitoring: {drift: {}}"), Reading(Moved), Noon).Should().BeNull();
        var fallen = Reading(new PodMonitor("a", Labelled(300, 0.7), null));
        MonitoringView.Hold(View(Watching), fallen, Noon).Should().StartWith("predictor.monitoring.onQualityDrop.hold is set");
        MonitoringView.Hold(View("monitoring: {feedback: {}}"), fallen, Noon).Should().BeNull();
        Intent.Of(View(Watching), SplitReading.None with { Watched = Reading(Moved) }, RouteReading.None, "image", Noon).Seen.Hold.Should().NotBeNull();
    }

    [Fact]
    public void What_was_told_of_another_revision_does_not_stand_for_this_one()
    {
        var (status, _) = Pass(View(Watching), Quiet);
        var view = View(Watching, status);
        view = view with { Service = view.Service with { Status = view.Service.Status! with { Monitoring = status.Monitoring! with { Revision = "iris-z" } } } };

        Pass(view, Pod("a", Even, 3, 51, 50, 50, 50)).Status.Monitoring!.Drift!.Rows.Should().Be(201);
    }

    static (InferenceServiceStatus Status, Occasion[] Occasions) Pass(ServiceView view, PodMonitor pod, ReactionStatus? reaction = null, ReactionStatus? dropped = null)
    {
        var reading = SplitReading.None with { Watched = Reading(pod) };
        var input = Intent.Of(view, reading, RouteReading.None, "image", Noon).Status(view, reading, RouteReading.None, [])
            with { Monitoring = MonitoringView.Of(view, reading.Watched, new(reaction, dropped), Noon.AddMinutes(3)) };
        var status = StatusFor.Render(input, Noon);
        return (status, [.. Reporter.Of(input, status)]);
    }

    static MonitorReading Reading(PodMonitor pod) => new(WatchedRevision.Of("iris-a", [pod], 0), null);

    static Condition Condition(InferenceServiceStatus status, string type) => status.Conditions!.Single(c => c.Type == type);

    static ServiceView View(string predictor, InferenceServiceStatus? status = null)
    {
        var view = Manifests.View(
            $$$"""
            apiVersion: sluice.dev/v1alpha1
            kind: InferenceService
            metadata: {name: iris, namespace: shop, uid: uid-iris, resourceVersion: "1", generation: 1}
            spec: {predictor: {model: {version: iris-2}, {{{predictor}}}}}
            ---
            apiVersion: sluice.dev/v1alpha1
            kind: ModelVersion
            metadata: {name: iris-2, namespace: shop, generation: 1}
            spec: {model: iris, version: "2", format: {name: onnx}, storageUri: "https://m/a.onnx", metrics: {accuracy: "0.94"}}
            """);
        return view with
        {
            Service = view.Service with { Status = (status ?? new()) with { Stable = new() { Revision = "iris-a", Version = "iris-2" } } },
            Served = view.Version,
        };
    }
}
