using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;
using Sluice.Operator.Metrics;

namespace Sluice.Operator.Tests.Metrics;

/// <summary>What dashboards and alerts know of services is what status says.</summary>
public sealed class FleetMetricsTests
{
    const string Canary =
        """
        metadata: {name: churn, namespace: shop, uid: u1}
        spec: {predictor: {model: {version: churn-v2}}, rollout: {strategy: Canary}}
        status:
          conditions:
            - {type: Ready, status: "True", reason: Serving, message: m}
            - {type: GatesPassed, status: Unknown, reason: Undecided, message: m}
          stable: {revision: churn-a, version: churn-v1, replicas: 2, readyReplicas: 2}
          candidate: {revision: churn-b, version: churn-v2, replicas: 1, readyReplicas: 0}
          rollout:
            attempt: 3
            stage: Analyzing
            step: 1
            weightDesired: 50
            weightObserved: 20
            startedTime: "2026-01-01T00:00:00Z"
            stageTime: "2026-01-01T00:01:00Z"
            nextTime: "2026-01-01T00:06:00Z"
            evidence: [{gate: errors, verdict: Undecided, samples: 40}]
          history: [{attempt: 2, revision: churn-a, outcome: Promoted}]
        """;

    const string Ended =
        """
        metadata: {name: churn, namespace: shop, uid: u1}
        spec: {predictor: {model: {version: churn-v2}}}
        status:
          stable: {revision: churn-a, version: churn-v1}
          rollout: {attempt: 3, outcome: RolledBack, weightDesired: 0}
          history:
            - {attempt: 3, revision: churn-b, outcome: RolledBack, startedTime: "2026-01-01T00:00:00Z", finishedTime: "2026-01-01T00:01:30Z"}
            - {attempt: 2, revision: churn-a, outcome: Promoted}
        """;

    [Fact]
    public void A_rollout_under_way_is_told_whole()
    {
        var text = Scrape(Service(Canary));

        text.Should().ContainAll(
            """sluice_inferenceservice_info{namespace="shop",inferenceservice="churn",strategy="Canary",version="churn-v1",stable="churn-a",candidate_version="churn-v2",candidate="churn-b"} 1""",
            """sluice_inferenceservice_condition{namespace="shop",inferenceservice="churn",condition="GatesPassed",status="Unknown"} 1""",
            """sluice_inferenceservice_ready_replicas{namespace="shop",inferenceservice="churn",revision="churn-a",role="stable"} 2""",
            """sluice_inferenceservice_ready_replicas{namespace="shop",inferenceservice="churn",revision="churn-b",role="candidate"} 0""",
            """sluice_rollout_stage{namespace="shop",inferenceservice="churn",stage="Analyzing"} 1""",
            """sluice_rollout_step{namespace="shop",inferenceservice="churn"} 1""",
            """sluice_rollout_attempt{namespace="shop",inferenceservice="churn"} 3""",
            """sluice_rollout_stage_start_time_seconds{namespace="shop",inferenceservice="churn"} 1767225660""",
            """sluice_rollout_next_time_seconds{namespace="shop",inferenceservice="churn"} 1767225960""",
            """sluice_rollout_weight_percent{namespace="shop",inferenceservice="churn",kind="desired"} 50""",
            """sluice_rollout_weight_percent{namespace="shop",inferenceservice="churn",kind="observed"} 20""",
            """sluice_gate_verdict{namespace="shop",inferenceservice="churn",gate="errors",verdict="Undecided"} 1""",
            """sluice_gate_samples{namespace="shop",inferenceservice="churn",gate="errors"} 40""");
        text.Should().NotContain("sluice_rollout_outcome{");
    }

    [Fact]
    public void A_rollout_that_ended_leaves_its_outcome_and_no_stage()
    {
        var text = Scrape(Service(Ended));

        text.Should().Contain("""sluice_rollout_outcome{namespace="shop",inferenceservice="churn",outcome="RolledBack"} 1""");
        text.Should().NotContain("sluice_rollout_stage{").And.NotContain("sluice_rollout_step{").And.NotContain("sluice_gate_verdict{");
    }

    [Fact]
    public async Task The_end_of_a_rollout_is_counted_once_and_by_the_leader_alone()
    {
        var registry = new MetricRegistry();
        var leadership = Leadership.Observed(registry);
        var counts = new RolloutCounts(registry, leadership);
        var (before, after) = (Service(Canary), Service(Ended));
        var ends = new Change<InferenceService>(after.Metadata.Key, before, after, null);

        counts.See(ends);
        await leadership.WhileAsync(() =>
        {
            counts.See(ends);
            counts.See(new Change<InferenceService>(after.Metadata.Key, after, after, null));
            counts.See(new Change<InferenceService>(after.Metadata.Key, null, after, null));
            Text(registry).Should().Contain("sluice_operator_leading 1");
            return Task.CompletedTask;
        });

        Text(registry).Should().ContainAll(
            """sluice_rollouts_total{namespace="shop",inferenceservice="churn",outcome="RolledBack"} 1""",
            """sluice_rollout_duration_seconds_sum{outcome="RolledBack"} 90""",
            "sluice_operator_leading 0");
    }

    static string Scrape(InferenceService service)
    {
        var registry = new MetricRegistry();
        new FleetMetrics(() => [service], () => []).Register(registry);
        return Text(registry);
    }

    static string Text(MetricRegistry registry) => Encoding.UTF8.GetString(registry.ToPrometheusText().Span);

    static InferenceService Service(string yaml) => ((JsonNode)Yaml.Read(yaml)[0]).Deserialize(InferenceService.JsonType)!;
}
