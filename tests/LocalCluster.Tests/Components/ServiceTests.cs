using System.Net;
using Sluice.Kubernetes.Model;
using Sluice.Support;

namespace Sluice.LocalCluster.Tests.Components;

/// <summary>Services, claims and autoscalers on a whole cluster.</summary>
public sealed class ServiceTests
{
    // A web server of what every machine with these tests has: the shell and Python are not on all, dotnet is slow to start.
    private const string Web =
        """
        exec perl -MIO::Socket::INET -e '
          my ($host, $port) = split /:/, $ARGV[0];
          my $s = IO::Socket::INET->new(LocalAddr => $host, LocalPort => $port, Listen => 50, ReuseAddr => 1) or die $!;
          $SIG{TERM} = sub { exit 0 };
          $SIG{CHLD} = "IGNORE";
          while (my $c = $s->accept) { while (my $l = <$c>) { last if $l =~ /^\r?$/ }
            print $c "HTTP/1.1 200 OK\r\nContent-Length: ", length($ENV{POD_IP}), "\r\nConnection: close\r\n\r\n$ENV{POD_IP}"; close $c }
        ' "$1"
        """;

    private const string Manifest =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
              - name: main
                image: web
                args: ["0.0.0.0:8080"]
                ports: [{name: http, containerPort: 8080}]
                readinessProbe: {httpGet: {port: http, path: /}, periodSeconds: 1}
                resources: {requests: {cpu: 100m, memory: 16Mi}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {selector: {app: web}, ports: [{name: http, port: 8000, targetPort: http}]}
        """;

    [Fact]
    public async Task A_service_spreads_requests_over_ready_pods_and_follows_them()
    {
        await using var cluster = await TestCluster.StartAsync(("web", Web));
        await cluster.ApplyAsync(Manifest);
        await cluster.KubectlAsync("rollout status deployment/web --timeout=60s");
        var address = await cluster.KubectlAsync("get service web -o jsonpath={.spec.clusterIP}:{.spec.ports[0].port}");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var seen = new HashSet<string>();

        await Eventually.TrueAsync(async () =>
        {
            seen.Add(await http.GetStringAsync($"http://{address}/"));
            return seen.Count == 2;
        }, "both pods answer");

        seen.Should().BeEquivalentTo((await cluster.KubectlAsync("get pods -o jsonpath={.items[*].status.podIP}")).Split(' '));
        (await cluster.KubectlAsync("get --raw /api/v1/namespaces/default/services/web:8000/proxy/")).Should().BeOneOf(seen);
        (await cluster.KubectlAsync("describe service web")).Should().Contain(seen.First() + ":8080");
    }

    [Fact]
    public async Task No_request_is_lost_while_pods_are_replaced()
    {
        await using var cluster = await TestCluster.StartAsync(("web", Web));
        // Without a pause before SIGTERM a pod could be gone before the proxy knows, on a real cluster too.
        var manifest = Manifest.Replace("resources:", "lifecycle: {preStop: {sleep: {seconds: 1}}}\n        resources:");
        await cluster.ApplyAsync(manifest);
        await cluster.KubectlAsync("rollout status deployment/web --timeout=60s");
        var address = await cluster.KubectlAsync("get service web -o jsonpath={.spec.clusterIP}:{.spec.ports[0].port}");
        using var done = new CancellationTokenSource();
        var asking = AskAsync(address, done.Token);

        await cluster.KubectlAsync("rollout restart deployment/web");
        await cluster.KubectlAsync("rollout status deployment/web --timeout=120s");
        await Eventually.TrueAsync(async () => (await cluster.Client.ListAsync<Pod>("default")).Items.Count == 2, "the old pods are gone");
        await done.CancelAsync();

        (await asking).Should().BeGreaterThan(10);
    }

    [Fact]
    public async Task Pods_that_go_answer_for_as_long_as_no_others_are_ready()
    {
        await using var cluster = await TestCluster.StartAsync(("web", Web));
        var manifest = Manifest.Replace("terminationGracePeriodSeconds: 5", "terminationGracePeriodSeconds: 60")
            .Replace("resources:", "lifecycle: {preStop: {sleep: {seconds: 60}}}\n        resources:");
        await cluster.ApplyAsync(manifest);
        await cluster.KubectlAsync("rollout status deployment/web --timeout=60s");
        var address = await cluster.KubectlAsync("get service web -o jsonpath={.spec.clusterIP}:{.spec.ports[0].port}");
        using var done = new CancellationTokenSource();
        var asking = AskAsync(address, done.Token);

        await cluster.KubectlAsync("scale deployment/web --replicas=0");
        await Eventually.TrueAsync(async () =>
            (await cluster.Client.ListAsync<EndpointSlice>("default")).Items.SelectMany(s => s.Endpoints ?? [])
                .Count(e => e.Conditions is { Ready: false, Serving: true, Terminating: true }) == 2, "both pods are on their way out");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        (await http.GetAsync($"http://{address}/")).StatusCode.Should().Be(HttpStatusCode.OK);
        await done.CancelAsync();

        (await asking).Should().BeGreaterThan(0);
        await cluster.KubectlAsync("delete pods --all --grace-period=0 --force");
    }

    private static async Task<int> AskAsync(string address, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var answers = 0;
        while (!cancel.IsCancellationRequested)
        {
            using var response = await http.GetAsync($"http://{address}/", CancellationToken.None);
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            answers++;
        }
        return answers;
    }

    [Fact]
    public async Task A_claim_is_a_folder_that_pods_share_and_that_people_can_fill()
    {
        await using var cluster = await TestCluster.StartAsync(("reader", "cat /nowhere 2>/dev/null; cat \"$1\"; exec sleep 1000"));
        await cluster.ApplyAsync("""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: models}
            spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
            """);
        await cluster.KubectlAsync("wait pvc/models --for=jsonpath={.status.phase}=Bound --timeout=60s");
        var folder = Path.Combine(cluster.Folder, "state", "volumes", "default", "models");
        await File.WriteAllTextAsync(Path.Combine(folder, "model.onnx"), "a model\n");

        await cluster.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec:
              terminationGracePeriodSeconds: 1
              volumes: [{name: models, persistentVolumeClaim: {claimName: models}}]
              containers:
              - {name: main, image: reader, args: [/mnt/pvc/models/model.onnx], volumeMounts: [{name: models, mountPath: /mnt/pvc/models, readOnly: true}]}
            """);

        await cluster.UntilAsync("logs p", text => text == "a model\n", "the content");
    }

    private static string Autoscaler(string target, int max) =>
        $$"""
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: { name: {{target}} }
        spec:
          scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{target}} }
          minReplicas: 1
          maxReplicas: {{max}}
          metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }]
        """;

    [Fact]
    public async Task An_autoscaler_follows_what_pods_use()
    {
        await using var cluster = await TestCluster.StartAsync(("busy", "while :; do :; done"));
        await cluster.ApplyAsync("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: busy}
            spec:
              replicas: 1
              selector: {matchLabels: {app: busy}}
              template:
                metadata: {labels: {app: busy}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: busy, resources: {requests: {cpu: 10m}}}]
            """);
        await cluster.KubectlAsync("rollout status deployment/busy --timeout=60s");

        await cluster.ApplyAsync(Autoscaler("busy", 2));

        await cluster.UntilAsync("get deployment busy -o jsonpath={.spec.replicas}", text => text == "2", "scaled up", seconds: 120);
        (await cluster.KubectlAsync("get hpa busy -o jsonpath={.status.conditions[*].type}={.status.conditions[*].status}"))
            .Should().Be("AbleToScale ScalingActive ScalingLimited=True True True");
    }

    [Fact]
    public async Task An_autoscaler_without_requests_to_compare_with_says_so_and_changes_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(("idle", "exec sleep 1000"));
        await cluster.KubectlAsync("create deployment idle --image=idle --replicas=2");
        await cluster.KubectlAsync("rollout status deployment/idle --timeout=60s");

        await cluster.ApplyAsync(Autoscaler("idle", 3));

        await cluster.UntilAsync("describe hpa idle", text => text.Contains("missing request for cpu in container idle of Pod idle-"), "why");
        (await cluster.KubectlAsync("get deployment idle -o jsonpath={.spec.replicas}")).Should().Be("2");
    }

    [Fact]
    public async Task A_budget_counts_what_can_be_spared()
    {
        await using var cluster = await TestCluster.StartAsync(("idle", "exec sleep 1000"));
        await cluster.KubectlAsync("create deployment idle --image=idle --replicas=3");
        await cluster.KubectlAsync("create pdb idle --selector=app=idle --min-available=2");

        await cluster.UntilAsync("get pdb idle -o jsonpath={.status.currentHealthy}/{.status.desiredHealthy}/{.status.disruptionsAllowed}",
            text => text == "3/2/1", "the budget");
    }
}
