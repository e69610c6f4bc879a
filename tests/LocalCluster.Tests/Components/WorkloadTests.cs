using System.Globalization;
using Sluice.Kubernetes.Model;
using Sluice.Support;

namespace Sluice.LocalCluster.Tests.Components;

/// <summary>Deployments, pods and their owners, seen through the real kubectl.</summary>
public sealed class WorkloadTests
{
    private const string Server = "echo serving $1; exec sleep 1000";

    private static string Deployment(string name, string image, int replicas, string more = "", string podMore = "") =>
        $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{name}} }
        spec:
          replicas: {{replicas}}
          {{more}}
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec:
              terminationGracePeriodSeconds: 2
              {{podMore}}
              containers:
              - {name: main, image: {{image}}, args: ["one"]}
        """;

    private static int Pid(Pod pod) =>
        int.Parse(pod.Status!.ContainerStatuses![0].ContainerID!["process://".Length..], CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_deployment_becomes_available_and_kubectl_shows_it()
    {
        await using var cluster = await TestCluster.StartAsync(("server", Server));
        await cluster.ApplyAsync(Deployment("web", "server", 3));

        (await cluster.KubectlAsync("rollout status deployment/web --timeout=60s")).Should().Contain("successfully rolled out");

        (await cluster.KubectlAsync("get deployment web --no-headers")).Should().MatchRegex(@"^web +3/3 +3 +3 ");
        (await cluster.KubectlAsync("get pods --no-headers")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should().HaveCount(3).And.OnlyContain(line => line.Contains("1/1") && line.Contains("Running"));
        (await cluster.KubectlAsync("logs deployment/web")).Should().Be("serving one\n");
        await cluster.UntilAsync("describe pod -l app=web", text => text.Contains("Successfully assigned default/web-")
            && text.Contains("Started container main"), "events in describe");
        (await cluster.KubectlAsync("get nodes --no-headers")).Should().MatchRegex("^local +Ready");
    }

    [Fact]
    public async Task A_killed_process_comes_back()
    {
        await using var cluster = await TestCluster.StartAsync(("server", Server));
        await cluster.ApplyAsync(Deployment("web", "server", 1));
        await cluster.KubectlAsync("rollout status deployment/web --timeout=60s");
        var pod = (await cluster.Client.ListAsync<Pod>("default")).Items.Single();

        System.Diagnostics.Process.GetProcessById(Pid(pod)).Kill();

        await Eventually.TrueAsync(async () => await cluster.Client.FindAsync<Pod>(pod.Key)
            is { Status: { IsReady: true, ContainerStatuses: [{ RestartCount: 1 }] } }, "ready again, restarted once");
    }

    [Fact]
    public async Task A_rolling_update_keeps_its_capacity_and_can_be_undone()
    {
        await using var cluster = await TestCluster.StartAsync(("server", Server));
        await cluster.ApplyAsync(Deployment("web", "server", 3, "strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}"));
        await cluster.KubectlAsync("rollout status deployment/web --timeout=60s");

        using var done = new CancellationTokenSource();
        var fewest = WatchFewestReadyAsync(cluster, done.Token);
        await cluster.KubectlAsync("set env deployment/web VERSION=2");
        await cluster.KubectlAsync("rollout status deployment/web --timeout=120s");
        await done.CancelAsync();

        (await fewest).Should().BeGreaterThanOrEqualTo(3);
        (await cluster.KubectlAsync("rollout history deployment/web")).Should().MatchRegex(@"1 +<none>\n2 +<none>");
        await cluster.KubectlAsync("rollout undo deployment/web");
        await cluster.KubectlAsync("rollout status deployment/web --timeout=120s");
        (await cluster.KubectlAsync("get deployment web -o jsonpath={.spec.template.spec.containers[0].env}")).Should().BeEmpty();
        (await cluster.KubectlAsync("rollout history deployment/web")).Should().MatchRegex(@"2 +<none>\n3 +<none>");
    }

    private static async Task<int> WatchFewestReadyAsync(TestCluster cluster, CancellationToken cancel)
    {
        var fewest = int.MaxValue;
        while (!cancel.IsCancellationRequested)
        {
            var pods = await cluster.Client.ListAsync<Pod>("default", cancel: CancellationToken.None);
            fewest = Math.Min(fewest, pods.Items.Count(p => p.Status?.IsReady == true && p.Metadata.DeletionTimestamp is null));
        }
        return fewest;
    }

    [Fact]
    public async Task Recreate_never_runs_two_versions_at_once()
    {
        await using var cluster = await TestCluster.StartAsync(("server", Server));
        await cluster.ApplyAsync(Deployment("web", "server", 2, "strategy: {type: Recreate}"));
        await cluster.KubectlAsync("rollout status deployment/web --timeout=60s");
        await cluster.KubectlAsync("set env deployment/web VERSION=2");

        await cluster.KubectlAsync("rollout status deployment/web --timeout=120s");

        var pods = (await cluster.Client.ListAsync<Pod>("default")).Items;
        pods.Should().HaveCount(2).And.OnlyContain(p => p.Spec!.Containers![0].Env!.Any(e => e.Name == "VERSION"));
    }

    [Fact]
    public async Task A_rollout_that_does_not_progress_says_so()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(Deployment("web", "nowhere:1", 1, "progressDeadlineSeconds: 1"));

        var (code, _, error) = await cluster.TryKubectlAsync("rollout status deployment/web --timeout=60s");

        code.Should().Be(1);
        error.Should().Contain("exceeded its progress deadline");
        await cluster.UntilAsync("get pods", text => text.Contains("ErrImagePull") || text.Contains("ImagePullBackOff"), "why");
    }

    [Fact]
    public async Task Deleting_a_deployment_takes_everything_along_and_orphaning_does_not()
    {
        await using var cluster = await TestCluster.StartAsync(("server", Server));
        await cluster.ApplyAsync(Deployment("web", "server", 2));
        await cluster.ApplyAsync(Deployment("kept", "server", 1));
        await cluster.KubectlAsync("rollout status deployment/web --timeout=60s");
        await cluster.KubectlAsync("rollout status deployment/kept --timeout=60s");
        var pids = (await cluster.Client.ListAsync<Pod>("default", new() { LabelSelector = "app=web" })).Items.Select(Pid).ToList();

        await cluster.KubectlAsync("delete deployment web --cascade=foreground --timeout=60s");
        await cluster.KubectlAsync("delete deployment kept --cascade=orphan --timeout=60s");

        (await cluster.KubectlAsync("get replicasets,pods -l app=web -o name")).Should().BeEmpty();
        pids.Should().OnlyContain(pid => !Directory.Exists($"/proc/{pid}"));
        (await cluster.KubectlAsync("get replicasets -l app=kept -o jsonpath={.items[*].metadata.ownerReferences}")).Should().BeEmpty();
        (await cluster.KubectlAsync("get pods -l app=kept --no-headers")).Should().Contain("Running");
        await cluster.ApplyAsync(Deployment("kept", "server", 1));
        await cluster.UntilAsync("get replicasets -l app=kept -o jsonpath={.items[*].metadata.ownerReferences[*].name}",
            text => text == "kept", "the ReplicaSet is adopted");
    }

    [Fact]
    public async Task Deleting_a_namespace_empties_it()
    {
        await using var cluster = await TestCluster.StartAsync(("server", Server));
        await cluster.KubectlAsync("create namespace team");
        await cluster.UntilAsync("get serviceaccount default -n team -o name", text => text.StartsWith("serviceaccount"), "the account");
        await cluster.KubectlAsync("apply -n team -f -", Deployment("web", "server", 1));
        await cluster.KubectlAsync("rollout status deployment/web -n team --timeout=60s");

        await cluster.KubectlAsync("delete namespace team --timeout=60s");

        (await cluster.Client.ListAsync<Pod>("team")).Items.Should().BeEmpty();
    }

    [Fact]
    public async Task A_configuration_follows_the_bump_of_an_annotation()
    {
        await using var cluster = await TestCluster.StartAsync(("reader", "while :; do cat $1/split.json; echo; sleep 0.05; done"));
        await cluster.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: split}
            data: {split.json: "1"}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec:
              terminationGracePeriodSeconds: 1
              volumes: [{name: split, configMap: {name: split}}]
              containers:
              - {name: main, image: reader, args: ["/etc/sluice/split"], volumeMounts: [{name: split, mountPath: /etc/sluice/split}]}
            """);
        await cluster.UntilAsync("logs p --tail=1", text => text == "1\n", "the first content");

        await cluster.KubectlAsync("patch configmap split --patch-file /dev/stdin", """{"data": {"split.json": "2"}}""");
        await cluster.KubectlAsync("annotate pod p bump=2");

        await cluster.UntilAsync("logs p --tail=1", text => text == "2\n", "the second content, before the period of a minute brings it", seconds: 40);
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_says_why_and_goes_on_when_it_fits()
    {
        await using var cluster = await TestCluster.StartAsync(("server", Server));
        await cluster.ApplyAsync(Deployment("web", "server", 1, podMore: "nodeSelector: {disk: fast}"));
        await cluster.UntilAsync("get pods -o jsonpath={.items[*].status.conditions[0].message}",
            text => text == "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.", "the reason");

        await cluster.KubectlAsync("label node local disk=fast");

        await cluster.KubectlAsync("rollout status deployment/web --timeout=60s");
    }
}
