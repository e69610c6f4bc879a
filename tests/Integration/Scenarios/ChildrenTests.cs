using System.Text.Json.Nodes;
using Sluice.Integration.World;
using Sluice.Support.Measuring;

namespace Sluice.Integration.Scenarios;

/// <summary>What an InferenceService becomes, and that it stays so. Needs no running pod.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ChildrenTests(Cluster cluster)
{
    [Fact]
    public async Task A_service_becomes_the_objects_that_it_owns()
    {
        await using var space = await cluster.SpaceAsync();
        var service = await GivenAsync(space, "iris");

        var uid = (string?)service["metadata"]!["uid"];
        foreach (var plural in Plural.Owned)
        {
            foreach (var owned in await space.OwnedAsync(plural, "iris"))
            {
                var owner = owned["metadata"]!["ownerReferences"]!.AsArray().Single()!;
                ((string?)owner["uid"]).Should().Be(uid, plural);
                ((bool?)owner["controller"]).Should().BeTrue(plural);
            }
        }
        var revision = await RevisionAsync(space, "iris");
        (await space.GetAsync("services", "iris")).Should().NotBeNull("the front Service bears the service's name");
        (await space.GetAsync("configmaps", "iris-split")).Should().NotBeNull();
        foreach (var plural in new[] { "deployments", "services", "horizontalpodautoscalers", "poddisruptionbudgets" })
            (await space.GetAsync(plural, revision)).Should().NotBeNull($"each revision has one of {plural}");
    }

    [Fact]
    public async Task Pods_are_locked_down()
    {
        await using var space = await cluster.SpaceAsync();
        await GivenAsync(space, "iris");

        var deployment = (await space.OwnedAsync("deployments", "iris")).Single();
        var pod = deployment["spec"]!["template"]!["spec"]!;
        ((bool?)pod["automountServiceAccountToken"]).Should().BeFalse();
        ((bool?)pod["securityContext"]!["runAsNonRoot"]).Should().BeTrue();
        ((string?)pod["securityContext"]!["seccompProfile"]!["type"]).Should().Be("RuntimeDefault");
        foreach (var container in pod["containers"]!.AsArray().Concat(pod["initContainers"]!.AsArray()))
        {
            ((bool?)container!["securityContext"]!["readOnlyRootFilesystem"]).Should().BeTrue();
            ((bool?)container["securityContext"]!["allowPrivilegeEscalation"]).Should().BeFalse();
            container["securityContext"]!["capabilities"]!["drop"]!.AsArray().Select(drop => (string?)drop).Should().Equal("ALL");
        }
    }

    [Fact]
    public async Task Labels_that_gitops_tools_track_stay_on_the_service()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-2", metadata:
            ", labels: {app.kubernetes.io/instance: argo-app, team: risk}, annotations: {argocd.argoproj.io/tracking-id: x}");
        await space.UntilAsync("a Deployment", async () => (await space.OwnedAsync("deployments", "iris")).FirstOrDefault());

        foreach (var plural in Plural.Owned)
        {
            foreach (var owned in await space.OwnedAsync(plural, "iris"))
            {
                ((string?)owned["metadata"]!["labels"]!["app.kubernetes.io/instance"]).Should().NotBe("argo-app", plural);
                owned["metadata"]!["annotations"]?["argocd.argoproj.io/tracking-id"].Should().BeNull(plural);
            }
        }
    }

    [Theory]
    [InlineData("deployments")]
    [InlineData("services")]
    [InlineData("configmaps")]
    [InlineData("horizontalpodautoscalers")]
    [InlineData("poddisruptionbudgets")]
    [InlineData("networkpolicies")]
    [InlineData("controllerrevisions")]
    public async Task What_is_deleted_comes_back(string plural)
    {
        await using var space = await cluster.SpaceAsync();
        await GivenAsync(space, "iris");
        foreach (var owned in await space.OwnedAsync(plural, "iris"))
        {
            var name = (string)owned["metadata"]!["name"]!;
            var uid = (string?)owned["metadata"]!["uid"];
            await space.Api.DeleteAsync(space.Path(plural, name));
            var started = TimeProvider.System.GetTimestamp();

            await space.TrueAsync($"{plural}/{name} is back", async () =>
                await space.GetAsync(plural, name) is { } found && (string?)found["metadata"]!["uid"] != uid
                && found["metadata"]!["deletionTimestamp"] is null, "iris");

            Measured.Report($"{plural} back after a delete", Seconds(started));
        }
    }

    [Theory]
    [InlineData("deployments", """{"spec":{"template":{"spec":{"automountServiceAccountToken":true}}}}""", "spec.template.spec.automountServiceAccountToken", "false")]
    [InlineData("services", """{"spec":{"selector":{"sluice.dev/inferenceservice":"another"}}}""", "spec.selector.sluice~1dev/inferenceservice", "\"iris\"")]
    [InlineData("horizontalpodautoscalers", """{"spec":{"maxReplicas":77}}""", "spec.maxReplicas", "4")]
    [InlineData("poddisruptionbudgets", """{"metadata":{"labels":{"sluice.dev/revision":"edited"}}}""", "metadata.labels.sluice~1dev/revision", null)]
    [InlineData("networkpolicies", """{"spec":{"policyTypes":["Egress"]}}""", "spec.policyTypes", """["Ingress"]""")]
    [InlineData("configmaps", """{"data":{"split.json":"{}"}}""", "data.split~1json", null)]
    public async Task What_is_edited_is_put_right(string plural, string edit, string field, string? wanted)
    {
        await using var space = await cluster.SpaceAsync();
        await GivenAsync(space, "iris");
        var owned = (await space.OwnedAsync(plural, "iris"))[0];
        var name = (string)owned["metadata"]!["name"]!;
        var before = At(owned, field);
        if (wanted is not null) before.Should().Be(wanted);

        await space.Api.MergeAsync(space.Path(plural, name), edit);
        var started = TimeProvider.System.GetTimestamp();

        await space.TrueAsync($"{field} of {plural}/{name} is {before} again",
            async () => At((await space.GetAsync(plural, name))!, field) == before, "iris");
        Measured.Report($"{plural} put right after an edit", Seconds(started));
    }

    [Fact]
    public async Task What_is_no_longer_wanted_is_removed()
    {
        await using var space = await cluster.SpaceAsync();
        await GivenAsync(space, "iris");

        await space.Api.ApplyAsync(space.Path("inferenceservices", "iris"), $$$"""
            apiVersion: sluice.dev/v1alpha1
            kind: InferenceService
            metadata: {name: iris, namespace: {{{space.Name}}}}
            spec: {predictor: {model: {version: iris-2}, minReplicas: 1, maxReplicas: 1}}
            """);

        await space.TrueAsync("the budget is gone with the second replica", async () =>
            (await space.OwnedAsync("poddisruptionbudgets", "iris")).Count == 0, "iris");
        await space.TrueAsync("the autoscaler is gone with its range", async () =>
            (await space.OwnedAsync("horizontalpodautoscalers", "iris")).Count == 0, "iris");
        await space.TrueAsync("everybody may come again", async () =>
            (await space.OwnedAsync("networkpolicies", "iris")).Count == 0, "iris");
    }

    [Fact]
    public async Task Replicas_belong_to_the_autoscaler_once_there_is_one()
    {
        await using var space = await cluster.SpaceAsync();
        await GivenAsync(space, "iris");
        var revision = await RevisionAsync(space, "iris");

        await space.Api.MergeAsync(space.Path("deployments", revision) + "/scale", """{"spec":{"replicas":3}}""");
        await space.Api.MergeAsync(space.Path("inferenceservices", "iris"), """{"spec":{"predictor":{"maxReplicas":5}}}""");
        await space.TrueAsync("the autoscaler has its new range", async () =>
            (int?)(await space.GetAsync("horizontalpodautoscalers", revision))?["spec"]?["maxReplicas"] == 5, "iris");
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);

        ((int?)(await space.GetAsync("deployments", revision))!["spec"]!["replicas"]).Should().Be(3);
    }

    [Fact]
    public async Task An_object_of_somebody_else_is_never_touched_and_the_service_says_which_is_in_the_way()
    {
        await using var space = await cluster.SpaceAsync();
        await space.Api.ApplyAsync(space.Path("services", "taken"), $$$"""
            apiVersion: v1
            kind: Service
            metadata: {name: taken, namespace: {{{space.Name}}}, labels: {mine: "yes"}}
            spec: {selector: {app: mine}, ports: [{name: web, port: 8088}]}
            """);
        var before = (await space.GetAsync("services", "taken"))!.ToJsonString();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");

        await space.ServiceAsync("taken", "iris-2");

        var stalled = await space.ConditionIsAsync("taken", "Stalled", "True");
        ((string?)stalled["message"]).Should().Contain("Service").And.Contain("taken");
        (await space.GetAsync("services", "taken"))!.ToJsonString().Should().Be(before);

        await space.Api.DeleteAsync(space.Path("services", "taken"));

        await space.ConditionIsAsync("taken", "Stalled", "False");
        await space.UntilAsync("the front Service", () => space.GetAsync("services", "taken"), "taken");
    }

    [PodFact]
    public async Task A_service_goes_with_everything_that_it_owns()
    {
        await using var space = await cluster.SpaceAsync();
        await GivenAsync(space, "iris");

        await space.Api.DeleteAsync(space.Path("inferenceservices", "iris"));

        foreach (var plural in Plural.Owned)
            await space.TrueAsync($"no {plural} is left", async () => (await space.OwnedAsync(plural, "iris")).Count == 0);
    }

    [Fact]
    public async Task A_quiet_minute_sees_no_write()
    {
        await using var space = await cluster.SpaceAsync();
        await GivenAsync(space, "iris");
        if (TestEnvironment.Kind != ClusterKind.ApiServerAlone) await space.ReadyAsync("iris");
        await SettledAsync(space);
        var before = await VersionsAsync(space);

        await Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System);

        (await VersionsAsync(space)).Should().BeEquivalentTo(before);
    }

    /// <summary>A service with a range of replicas, a budget and a policy, whose children are all there.</summary>
    static async Task<JsonNode> GivenAsync(Space space, string name)
    {
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        var service = await space.ServiceAsync(name, "iris-2", minReplicas: 2, predictor: "maxReplicas: 4\n    networkPolicy: {metrics: [{namespaceSelector: {}}]}");
        foreach (var plural in Plural.Owned)
            await space.UntilAsync($"one of {plural}", async () => (await space.OwnedAsync(plural, name)).FirstOrDefault(), name);
        return service;
    }

    static async Task<string> RevisionAsync(Space space, string service) =>
        (string)(await space.OwnedAsync("deployments", service)).Single()["metadata"]!["name"]!;

    /// <summary>Our own objects as we last wrote them: where others write status, that does not count.</summary>
    static async Task<Dictionary<string, string>> VersionsAsync(Space space)
    {
        var versions = new Dictionary<string, string>();
        foreach (var plural in Plural.Owned.Append("inferenceservices").Append("modelversions"))
        {
            var othersWriteStatus = plural is "deployments" or "horizontalpodautoscalers" or "poddisruptionbudgets";
            foreach (var found in plural is "inferenceservices" or "modelversions"
                ? await space.Api.ListAsync(space.Path(plural))
                : await space.OwnedAsync(plural, "iris"))
            {
                versions[$"{plural}/{found["metadata"]!["name"]}"] = othersWriteStatus
                    ? OurWrites(found)
                    : found["metadata"]!["resourceVersion"]!.ToString();
            }
        }
        return versions;
    }

    /// <summary>When our field manager last changed the object.</summary>
    static string OurWrites(JsonNode found) => string.Join(' ', found["metadata"]!["managedFields"]!.AsArray()
        .Where(entry => (string?)entry!["manager"] == "sluice").Select(entry => $"{entry!["operation"]} {entry["time"]}"));

    static async Task SettledAsync(Space space)
    {
        var last = await VersionsAsync(space);
        await space.TrueAsync("five seconds without a write", async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
            var now = await VersionsAsync(space);
            var same = now.Count == last.Count && now.All(entry => last.TryGetValue(entry.Key, out var was) && was == entry.Value);
            last = now;
            return same;
        });
    }

    /// <summary>The JSON at a dotted path, in which ~1 stands for a dot.</summary>
    static string? At(JsonNode node, string field)
    {
        JsonNode? at = node;
        foreach (var part in field.Split('.')) at = at?[part.Replace("~1", ".", StringComparison.Ordinal)];
        return at?.ToJsonString();
    }

    static string Seconds(long started) => $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s (wanted: 5 s)";
}
