using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;
using Sluice.Operator.Metrics;
using Sluice.Operator.Tracing;

namespace Sluice.Operator.Tests.Tracing;

/// <summary>A rollout is told stage by stage.</summary>
public sealed class RolloutTracesTests : IDisposable
{
    const string Warming = "{attempt: 2, stage: Warming, stageTime: '2026-01-01T00:00:00Z', startedTime: '2026-01-01T00:00:00Z', nextAction: wait}";
    const string Shifting = "{attempt: 2, stage: Shifting, step: 0, weightDesired: 5, stageTime: '2026-01-01T00:01:00Z', startedTime: '2026-01-01T00:00:00Z'}";

    readonly string uid = Guid.NewGuid().ToString();
    readonly List<Activity> told = [];
    readonly ActivityListener listener;
    readonly Leadership leadership = Leadership.Observed(new MetricRegistry());

    public RolloutTracesTests()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == RolloutTraces.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            // Other tests are heard as well.
            ActivityStopped = activity =>
            {
                if ((string?)activity.GetTagItem("sluice.inferenceservice") == uid)
                    told.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public void Dispose() => listener.Dispose();

    [Fact]
    public async Task An_attempt_is_one_trace_of_its_stages()
    {
        using var traces = new RolloutTraces(leadership, TimeProvider.System);
        var (warming, shifting) = (Service(Warming), Service(Shifting));
        var ended = Service("{attempt: 2, outcome: RolledBack, weightDesired: 0}",
            "[{attempt: 2, revision: churn-b, outcome: RolledBack, reason: GateFailed, message: wrong, startedTime: '2026-01-01T00:00:00Z', finishedTime: '2026-01-01T00:02:00Z'}]");

        See(traces, (warming, shifting));
        told.Should().BeEmpty("another process leads");
        using var surrounding = new Activity("surrounding").Start();
        await leadership.WhileAsync(() =>
        {
            See(traces, (warming, warming), (warming, shifting), (shifting, ended), (ended, ended));
            return Task.CompletedTask;
        });

        Activity.Current.Should().BeSameAs(surrounding);
        told.Select(static s => s.OperationName).Should().Equal("Warming", "Shifting", "rollout");
        var root = told[^1];
        root.ParentSpanId.Should().Be(default(ActivitySpanId));
        told[..2].Should().OnlyContain(s => s.TraceId == root.TraceId && s.ParentSpanId == root.SpanId);
        (root.Status, root.StatusDescription, root.GetTagItem("sluice.outcome"), root.GetTagItem("sluice.reason")).Should().Be((ActivityStatusCode.Error, "wrong", "RolledBack", "GateFailed"));
        told[0].Duration.Should().Be(TimeSpan.FromMinutes(1));
        root.StartTimeUtc.Should().Be(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        told[1].GetTagItem("sluice.weight").Should().Be(5);
    }

    [Fact]
    public async Task What_is_under_way_at_the_end_or_deleted_is_told_as_far_as_it_got()
    {
        var (warming, shifting) = (Service(Warming), Service(Shifting));
        await leadership.WhileAsync(() =>
        {
            using var traces = new RolloutTraces(leadership, TimeProvider.System);
            See(traces, (warming, shifting));
            return Task.CompletedTask;
        });
        told.Select(static s => (s.OperationName, s.GetTagItem("sluice.outcome"))).Should().Equal(("Warming", null), ("rollout", "HandedOver"));

        told.Clear();
        await leadership.WhileAsync(() =>
        {
            using var traces = new RolloutTraces(leadership, TimeProvider.System);
            See(traces, (shifting, null));
            return Task.CompletedTask;
        });
        told.Select(static s => (s.OperationName, s.GetTagItem("sluice.outcome"))).Should().Equal(("Shifting", null), ("rollout", "Deleted"));
    }

    static void See(RolloutTraces traces, params (InferenceService Before, InferenceService? After)[] changes)
    {
        foreach (var (before, after) in changes)
            traces.See(new Change<InferenceService>(before.Metadata.Key, before, after, null));
    }

    InferenceService Service(string rollout, string history = "[]") => ((JsonNode)Yaml.Read(
        $"{{metadata: {{name: {uid}, namespace: shop, uid: {uid}}}, spec: {{predictor: {{model: {{version: v2}}}}}}, status: {{rollout: {rollout}, history: {history}}}}}")[0])
        .Deserialize(InferenceService.JsonType)!;
}
