using System.Text.Json.Nodes;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Chart;

/// <summary>What the chart says, without a cluster.</summary>
public sealed class TemplateTests
{
    // Who put an object there differs by tool, and so may say what it is labelled.
    static readonly string[] ToolLabels = ["helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version"];

    [Fact]
    public Task The_chart_is_without_fault() => Rendered.HelmAsync("lint", "--strict", Rendered.Chart);

    [Fact]
    public async Task Kustomize_gives_what_the_chart_gives_by_default()
    {
        var chart = Rendered.Objects(await Rendered.TemplateAsync());
        var kustomize = Rendered.Objects(await Rendered.KustomizeAsync("config", "default"));

        // Helm makes the namespace by a flag.
        kustomize.Remove("Namespace -/sluice-system").Should().BeTrue();

        kustomize.Keys.Should().Equal(chart.Keys);
        foreach (var (key, made) in chart)
        {
            Plain(made);
            Plain(kustomize[key]);
            Difference(made, kustomize[key], key).Should().BeNull("the chart and config/default say the same");
        }
    }

    [Fact]
    public async Task The_gateways_rights_are_those_of_config_gateway()
    {
        var asked = Rendered.Objects(await Rendered.TemplateAsync("rbac.gatewayAPI=true"))["ClusterRole -/sluice-operator"]["rules"]!.AsArray();
        var beside = Rendered.Objects(await Rendered.KustomizeAsync("config", "gateway"))["ClusterRole -/sluice-operator-gateway"]["rules"]!.AsArray();

        beside.Should().OnlyContain(rule => asked.Any(a => JsonNode.DeepEquals(a, rule)));
        Rendered.Objects(await Rendered.TemplateAsync())["ClusterRole -/sluice-operator"].ToJsonString().Should().NotContain("gateway");
    }

    [Fact]
    public async Task The_model_cache_is_that_of_its_component()
    {
        var overlay = Checkout.Path("artifacts", "test", "model-cache-overlay");
        Directory.CreateDirectory(overlay);
        await File.WriteAllTextAsync(Path.Combine(overlay, "kustomization.yaml"), """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [../../../config/default]
            components: [../../../config/model-cache]
            """);
        var chart = Rendered.Objects(await Rendered.TemplateAsync("modelCache.volume=hostPath:/var/cache/sluice", "modelCache.size=50Gi"));

        var kustomize = Rendered.Objects(await Rendered.KustomizeAsync("artifacts", "test", "model-cache-overlay"));

        Arguments(chart).Should().Equal(Arguments(kustomize)).And.Contain("--model-cache=hostPath:/var/cache/sluice");
        Arguments(Rendered.Objects(await Rendered.TemplateAsync())).Should().NotContain(static a => a.Contains("model-cache"));
    }

    [Fact]
    public async Task Telemetry_is_told_to_the_operator_and_for_its_pods()
    {
        var chart = Rendered.Objects(await Rendered.TemplateAsync(
            "telemetry.operator.OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318", "telemetry.pods.OTEL_TRACES_SAMPLER_ARG=0.1",
            @"telemetry.pods.OTEL_RESOURCE_ATTRIBUTES=team=ml\,stage=live", "extraEnv[0].name=HTTPS_PROXY", "extraEnv[0].value=p"));

        Pod(chart)["containers"]![0]!["env"]!.AsArray().Select(static v => $"{v!["name"]}={v["value"]}")
            .Should().Equal("OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318", "HTTPS_PROXY=p");
        Arguments(chart).Should().Contain("--pod-telemetry=OTEL_TRACES_SAMPLER_ARG=0.1").And.Contain("--pod-telemetry=OTEL_RESOURCE_ATTRIBUTES=team=ml,stage=live");
    }

    [Fact]
    public async Task Named_namespaces_need_no_right_over_the_cluster()
    {
        var chart = Rendered.Objects(await Rendered.TemplateAsync("watchNamespaces={shop,lab}", "podMonitor.enabled=true"));

        chart.Keys.Should().NotContain(static k => k.StartsWith("ClusterRole", StringComparison.Ordinal));
        foreach (var ns in new[] { "shop", "lab" })
        {
            chart[$"Role {ns}/sluice-operator"]["rules"]!.ToJsonString()
                .Should().Be(Rendered.Objects(await Rendered.TemplateAsync())["ClusterRole -/sluice-operator"]["rules"]!.ToJsonString());
            chart[$"RoleBinding {ns}/sluice-operator"]["subjects"]![0]!["namespace"]!.ToString().Should().Be("sluice-system");
        }

        Arguments(chart).Should().Contain("--namespace=shop").And.Contain("--namespace=lab");
        chart["PodMonitor sluice-system/sluice-operator-models"]["spec"]!["namespaceSelector"]!["matchNames"]!.AsArray()
            .Select(static n => n!.ToString()).Should().Equal("shop", "lab");
    }

    [Fact]
    public async Task A_digest_wins_over_a_tag()
    {
        var digest = "sha256:" + new string('a', 64);
        var chart = Rendered.Objects(await Rendered.TemplateAsync(
            "image.repository=registry.example/op", "image.tag=v7", $"image.digest={digest}", "runtimeImage.tag=v8"));

        Pod(chart)["containers"]![0]!["image"]!.ToString().Should().Be($"registry.example/op@{digest}");
        Arguments(chart).Should().Contain("--runtime-image=sluice-runtime:v8");
    }

    [Theory]
    [InlineData("replicacount=3", "additional properties 'replicacount' not allowed")]
    [InlineData("image.digest=abc", "at '/image/digest'")]
    [InlineData("watchNamespaces={Shop}", "at '/watchNamespaces/0'")]
    [InlineData("modelCache.volume=/var/cache", "at '/modelCache/volume'")]
    [InlineData("telemetry.pods.PATH=/tmp", "'PATH' does not match pattern '^OTEL_")]
    [InlineData("prometheus.url=prometheus:9090", "at '/prometheus/url'")]
    [InlineData("serviceAccount.create=false", "serviceAccount.name must name an existing account")]
    public async Task A_value_that_cannot_be_meant_is_refused_by_name(string setting, string message)
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Tool("helm"), ["template", "sluice", Rendered.Chart, "--set", setting]);

        code.Should().NotBe(0);
        output.Should().Contain(message);
    }

    [Fact]
    public async Task Everything_switched_on_is_what_was_reviewed()
    {
        var made = await Rendered.TemplateAsync(
            "crds.install=false", "rbac.gatewayAPI=true", "networkPolicy.enabled=true", "serviceMonitor.enabled=true", "podMonitor.enabled=true",
            "modelCache.volume=pvc:models", "prometheus.url=http://prometheus.monitoring", "podLabels.team=ml", "podAnnotations.note=x", "imagePullSecrets[0].name=pull", "priorityClassName=system-cluster-critical",
            "nodeSelector.disk=ssd", "tolerations[0].operator=Exists", "serviceMonitor.labels.release=prometheus");
        var golden = Checkout.Path("tests", "Delivery.Tests", "Chart", "Golden", "everything.yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(golden, made);

        made.Should().Be(await File.ReadAllTextAsync(golden), "'make golden' writes it anew");
    }

    /// <summary>Where two documents part, and what each says there.</summary>
    static string? Difference(JsonNode? chart, JsonNode? kustomize, string at) => (chart, kustomize) switch
    {
        (JsonObject a, JsonObject b) => a.Select(static p => p.Key).Union(b.Select(static p => p.Key))
            .Select(name => Difference(a[name], b[name], $"{at}.{name}")).FirstOrDefault(static d => d is not null),
        (JsonArray a, JsonArray b) when a.Count == b.Count => Enumerable.Range(0, a.Count)
            .Select(i => Difference(a[i], b[i], $"{at}[{i}]")).FirstOrDefault(static d => d is not null),
        _ when JsonNode.DeepEquals(chart, kustomize) => null,
        _ => $"{at}: {chart?.ToJsonString() ?? "nothing"} in the chart, {kustomize?.ToJsonString() ?? "nothing"} in config/default",
    };

    static JsonNode Pod(IReadOnlyDictionary<string, JsonObject> chart) =>
        chart["Deployment sluice-system/sluice-operator"]["spec"]!["template"]!["spec"]!;

    static IEnumerable<string> Arguments(IReadOnlyDictionary<string, JsonObject> chart) =>
        Pod(chart)["containers"]![0]!["args"]!.AsArray().Select(static a => a!.ToString());

    static void Plain(JsonObject item)
    {
        foreach (var metadata in new[] { item["metadata"], item["spec"]?["template"]?["metadata"] }.OfType<JsonObject>())
        {
            if (metadata["labels"] is JsonObject labels)
            {
                foreach (var label in ToolLabels)
                    labels.Remove(label);
                if (item["kind"]!.ToString() is "ServiceAccount" || item["apiVersion"]!.ToString().StartsWith("rbac.", StringComparison.Ordinal))
                    metadata.Remove("labels");
            }

            if (metadata["annotations"] is JsonObject annotations && annotations.Remove("helm.sh/resource-policy") && annotations.Count == 0)
                metadata.Remove("annotations");
        }
    }
}
