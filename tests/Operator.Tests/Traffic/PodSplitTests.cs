using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Tests.Faults;
using Sluice.Operator.Tests.Support;
using Sluice.Operator.Traffic;
using Sluice.Support.Time;

namespace Sluice.Operator.Tests.Traffic;

/// <summary>A split is believed when every pod that divides has said that it applies it, and by nothing less.</summary>
public sealed class PodSplitTests : IAsyncLifetime
{
    const string Divided = """{"generation":7,"shares":[{"revision":"iris-a","percent":95},{"revision":"iris-b","percent":5,"http":"10.0.0.2:80","grpc":"10.0.0.2:9000"}]}""";

    readonly Dictionary<string, string?> says = [];
    readonly ManualTime time = new();
    MiniApi api = null!;
    KubeClient client = null!;
    PodSplit split = null!;

    public async Task InitializeAsync()
    {
        api = await MiniApi.StartAsync();
        client = new KubeClient(new KubeConfig { Server = api.Address }, new KubeClientOptions { Jitter = new Jitter(new Random(1)), UserAgent = "sluice" });
        split = new PodSplit(client, (pod, _, _) => Task.FromResult(says[pod.Metadata.Name!]), time);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await api.DisposeAsync();
    }

    [Theory]
    [InlineData("7", true)]
    [InlineData("6", false)]
    [InlineData("8", false)]
    [InlineData("\"NaN\"", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task It_is_applied_when_every_pod_says_so(string? second, bool applied)
    {
        (says["a-1"], says["a-2"]) = (Applies("7"), second is null ? null : Applies(second));

        var reading = await split.ReadAsync(View(Divided, Pod("a-1"), Pod("a-2")), default);

        reading.Applied?.ToString().Should().Be(applied ? "iris-a 95 %, iris-b 5 %" : null);
        reading.Behind.Select(static p => p.Metadata.Name).Should().Equal(applied ? [] : ["a-2"]);
    }

    [Fact]
    public async Task Pods_that_do_not_divide_or_do_not_serve_are_not_asked()
    {
        says["a-1"] = Applies("7");

        var reading = await split.ReadAsync(View(Divided, Pod("a-1"), Pod("a-2", ready: false), Pod("b-1", revision: "iris-b")), default);

        reading.Applied.Should().NotBeNull();
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"generation":7,"shares":[{"revision":"iris-a","percent":94}]}""")]
    [InlineData("""{"generation":7,"shares":[{"revision":"iris-a","percent":100}],"shadow":{"revision":"iris-z","percent":5,"http":"a:1","grpc":"a:2"}}""")]
    public async Task What_no_pod_could_apply_is_not_believed(string document)
    {
        says["a-1"] = Applies("7");

        (await split.ReadAsync(View(document, Pod("a-1")), default)).Applied.Should().BeNull();
    }

    [Fact]
    public async Task Without_a_pod_nobody_has_said_anything() =>
        (await split.ReadAsync(View(Divided), default)).Applied.Should().BeNull();

    [Fact]
    public async Task A_cache_behind_our_own_write_is_not_believed()
    {
        says["a-1"] = Applies("7");
        var view = View(Divided, Pod("a-1"));
        await TellAsync(view, Divided.Replace("\"generation\":7", "\"generation\":8", StringComparison.Ordinal), SplitReading.None);

        (await split.ReadAsync(view, default)).Applied.Should().BeNull();
    }

    [Fact]
    public async Task Only_pods_that_are_behind_are_told_and_again_only_after_a_while()
    {
        (says["a-1"], says["a-2"]) = (Applies("7"), Applies("6"));
        foreach (var pod in new[] { "a-1", "a-2" })
            api.Store.Put("pods", System.Text.Json.Nodes.JsonNode.Parse($$$"""{"metadata": {"name": "{{{pod}}}"}}""")!.AsObject());

        for (var round = 0; round < 3; round++)
        {
            var view = View(Divided, [.. new[] { "a-1", "a-2" }.Select(Stored)]);
            await TellAsync(view, Divided, await split.ReadAsync(view, default));
        }

        api.Written.Should().Equal("PATCH /api/v1/namespaces/shop/pods/a-2");
        time.Advance(TimeSpan.FromSeconds(4));
        var later = View(Divided, Stored("a-1"), Stored("a-2"));
        await TellAsync(later, Divided, await split.ReadAsync(later, default));
        api.Written.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_pod_that_went_meanwhile_is_no_trouble()
    {
        says["a-1"] = null;
        var view = View(Divided, Pod("a-1"));

        await TellAsync(view, Divided, await split.ReadAsync(view, default));

        api.Written.Should().BeEmpty();
    }

    [Fact]
    public async Task A_pod_is_asked_once_for_all_that_it_has_to_say()
    {
        var asked = new List<string>();
        split = new PodSplit(client, (pod, path, _) => { asked.Add($"{pod.Metadata.Name}{path}"); return Task.FromResult<string?>(Applies("7")); }, time);

        (await split.ReadAsync(View(Divided, Pod("a-1")), default)).Applied.Should().NotBeNull();

        asked.Should().Equal("a-1/evidence");
    }

    static string Applies(string generation) => $$"""{"process":"p","generation":{{generation}},"revisions":[]}""";

    async Task TellAsync(ServiceView view, string document, SplitReading reading)
    {
        api.Store.Put("inferenceservices", System.Text.Json.Nodes.JsonNode.Parse("""{"metadata": {"name": "iris"}}""")!.AsObject());
        var version = (string)api.Store.Get("inferenceservices", "iris")!["metadata"]!["resourceVersion"]!;
        var current = view.Service with { Metadata = view.Service.Metadata with { ResourceVersion = version } };
        await split.TellAsync(view, Map(document), reading, new Fence(client, current), default);
    }

    Pod Stored(string name)
    {
        var stored = api.Store.Get("pods", name)!["metadata"]!;
        var annotations = stored["annotations"]?.AsObject().ToDictionary(static a => a.Key, static a => (string)a.Value!);
        return Pod(name) with { Metadata = Pod(name).Metadata with { Uid = (string)stored["uid"]!, Annotations = annotations } };
    }

    static Pod Pod(string name, string revision = "iris-a", bool ready = true) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Namespace = "shop",
            Uid = $"uid-{name}",
            Labels = new Dictionary<string, string> { ["sluice.dev/inferenceservice"] = "iris", ["sluice.dev/revision"] = revision },
        },
        Status = new PodStatus { Conditions = [new PodCondition { Type = "Ready", Status = ready ? "True" : "False" }] },
    };

    static ConfigMap Map(string document) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = Names.Split("iris"),
            Namespace = "shop",
            OwnerReferences = [new OwnerReference { ApiVersion = "sluice.dev/v1alpha1", Kind = "InferenceService", Name = "iris", Uid = "uid-iris", Controller = true }],
        },
        Data = new Dictionary<string, string> { ["split.json"] = document },
    };

    static ServiceView View(string document, params Pod[] pods)
    {
        var service = Manifests.Service("{predictor: {model: {storageUri: 'https://m/a.onnx'}}}");
        return new ServiceView
        {
            Service = service with { Status = new() { Rollout = new() { Step = 0 } } },
            Pods = pods,
            ConfigMaps = [Map(document)],
        };
    }
}
