using Sluice.Kubernetes.Model;
using Sluice.Operator.Monitoring;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Tests.Support;
using Sluice.Support.Time;
using static Sluice.Operator.Tests.Monitoring.Samples;

namespace Sluice.Operator.Tests.Monitoring;

public sealed class MonitorReaderTests
{
    readonly Dictionary<string, string?> says = [];
    readonly List<string> asked = [];
    readonly ManualTime time = new();
    readonly MonitorReader reader;

    public MonitorReaderTests() => reader = new MonitorReader(Answer, time);

    [Fact]
    public async Task Ready_pods_of_both_revisions_are_asked_and_the_baseline_once()
    {
        says["a-1/monitoring"] = says["a-2/monitoring"] = Text(Document(1, 50, 50, 50, 50));
        says["a-1/baseline"] = says["a-2/baseline"] = Text(Profile(250, 250, 250, 250));
        var view = View("{monitoring: {drift: {}}, model: {version: v}}", candidate: true, Pod("a-1"), Pod("a-2"), Pod("a-3", ready: false), Pod("b-1", "iris-b"));

        var reading = await ReadAsync(view);

        reading.Stable.Should().BeEquivalentTo(new { Revision = "iris-a", Silent = 0 });
        reading.Stable!.Window.Should().BeEquivalentTo(new { Rows = 400L, Pods = 2 });
        reading.Stable.Pods.Select(static p => p.Baseline).Distinct().Should().ContainSingle("they gave the same text");
        reading.Candidate.Should().BeEquivalentTo(new { Revision = "iris-b", Silent = 1 });
        asked.Count(static a => a.EndsWith("/baseline", StringComparison.Ordinal)).Should().Be(2);
        time.Advance(TimeSpan.FromSeconds(30));
        await ReadAsync(view);
        asked.Count(static a => a.EndsWith("/baseline", StringComparison.Ordinal)).Should().Be(2);
    }

    [Fact]
    public async Task A_pod_that_does_not_answer_once_is_taken_at_its_last_word_until_it_is_gone()
    {
        says["a-1/monitoring"] = Text(Document(1, 50, 50, 50, 50));
        says["a-1/baseline"] = Text(Profile(250, 250, 250, 250));
        var view = View("{monitoring: {drift: {}}, model: {version: v}}", candidate: false, Pod("a-1"));
        await ReadAsync(view);

        says.Clear();
        time.Advance(TimeSpan.FromSeconds(30));
        (await ReadAsync(view)).Stable!.Window.Should().NotBeNull();

        time.Advance(TimeSpan.FromSeconds(30));
        var again = (await ReadAsync(view with { Pods = [Pod("a-1", restarts: 1)] })).Stable!;
        again.Should().BeEquivalentTo(new { Silent = 1, Window = (MergedWindow?)null });
    }

    [Fact]
    public async Task Pods_are_asked_now_and_then_and_more_often_while_a_rollout_runs()
    {
        var quiet = View("{monitoring: {drift: {}}, model: {version: v}}", candidate: false, Pod("a-1"));
        await ReadAsync(quiet);
        time.Advance(TimeSpan.FromSeconds(9));
        await ReadAsync(quiet);
        asked.Should().ContainSingle();

        var rollout = View("{monitoring: {drift: {}}, model: {version: v}}", candidate: true, Pod("a-1"));
        await ReadAsync(rollout);
        time.Advance(TimeSpan.FromSeconds(2));
        await ReadAsync(rollout);
        asked.Should().HaveCount(3);
    }

    [Fact]
    public async Task Nobody_is_asked_who_is_not_to_watch()
    {
        var view = View("{monitoring: {onDrift: {hold: true}}, model: {version: v}}", candidate: false, Pod("a-1"));

        (await ReadAsync(view)).Should().Be(MonitorReading.None);
        MonitorReader.Every(view.Service).Should().BeNull();
        asked.Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_no_document_is_silence()
    {
        says["a-1/monitoring"] = "<html>";
        says["a-2/monitoring"] = Text(Document(1, 50, 50, 50, 50));
        says["a-2/baseline"] = """{"schema":7,"rows":1,"features":[]}""";

        var stable = (await ReadAsync(View("{monitoring: {drift: {}}, model: {version: v}}", candidate: false, Pod("a-1"), Pod("a-2")))).Stable!;

        stable.Should().BeEquivalentTo(new { Silent = 1, Window = (MergedWindow?)null });
    }

    Task<MonitorReading> ReadAsync(ServiceView view) => reader.ReadAsync(view, default);

    Task<string?> Answer(Pod pod, string path, CancellationToken cancel)
    {
        lock (asked)
        {
            asked.Add($"{pod.Metadata.Name}{path}");
            path.Should().StartWith("/v2/models/iris/");
            return Task.FromResult(says.GetValueOrDefault($"{pod.Metadata.Name}/{path.Split('/')[^1]}"));
        }
    }

    static ServiceView View(string predictor, bool candidate, params Pod[] pods)
    {
        var service = Manifests.Service($"{{predictor: {predictor}}}");
        return new ServiceView
        {
            Service = service with
            {
                Status = new() { Stable = new() { Revision = "iris-a" }, Candidate = candidate ? new() { Revision = "iris-b" } : null },
            },
            Pods = pods,
        };
    }

    static Pod Pod(string name, string revision = "iris-a", bool ready = true, int restarts = 0) => new()
    {
        Metadata = new ObjectMeta { Name = name, Uid = "uid-" + name, Labels = new Dictionary<string, string> { ["sluice.dev/revision"] = revision } },
        Status = new PodStatus
        {
            Conditions = [new PodCondition { Type = "Ready", Status = ready ? "True" : "False" }],
            ContainerStatuses = [new ContainerStatus { Name = "runtime", RestartCount = restarts }],
        },
    };
}
