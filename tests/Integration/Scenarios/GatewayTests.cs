using System.Net;
using System.Text.Json.Nodes;
using Sluice.Integration.World;

namespace Sluice.Integration.Scenarios;

/// <summary>Services whose requests a Gateway divides.</summary>
[Collection(ClusterCollection.Name)]
public sealed class GatewayTests(Cluster cluster)
{
    const string Reference = $"router: GatewayAPI, gatewayRef: {{name: {StandInGateway.Name}, hostnames: [iris.example.com]}}";

    [PodFact]
    public async Task A_canary_through_a_Gateway_has_its_shares_and_goes_on_only_when_the_Gateway_has_accepted_them()
    {
        const string rollout = $"{{strategy: Canary, gates: [], steps: [{{weight: 20}}, {{weight: 50, approval: required}}], {Reference}}}";
        await StandInGateway.InstallAsync(cluster.Api);
        await using var story = await Story.BeginAsync(cluster, rollout);
        await using var gateway = await StandInGateway.StartAsync(story.Space);
        await story.Space.TrueAsync("the Gateway has the route", () => Task.FromResult(gateway.Has(Story.Service)), Story.Service);
        var stable = await story.StableAsync();
        var users = new Users(gateway);

        await story.ApplyAsync(Story.Second, rollout);
        var candidate = await story.CandidateAsync();
        await story.ShareAsync(50);
        var asked = await users.CountAsync(200);
        (asked[candidate] / 2.0).Should().BeApproximately(50, 2);
        (await story.Space.GetAsync("httproutes", Story.Service))!["spec"]!["rules"]!.AsArray()[^1]!["backendRefs"]!.AsArray()
            .Select(static b => (int)b!["weight"]!).Should().Equal(500_000, 500_000);

        // The Gateway falls asleep: users stay divided, and the old pods are not taken from those who still get there.
        gateway.Looks = false;
        await story.ApplyAsync(Story.Second, rollout.Replace("strategy", $"approve: {{digest: {candidate}}}, strategy", StringComparison.Ordinal));
        await story.StageAsync("Promoting");
        await story.Space.TrueAsync("the route names the new version alone", async () =>
            (await story.Space.GetAsync("httproutes", Story.Service))!["spec"]!["rules"]!.ToJsonString() is var rules
            && rules.Contains(candidate, StringComparison.Ordinal) && !rules.Contains(stable, StringComparison.Ordinal), Story.Service);
        (await users.CountAsync(100)).Keys.Should().BeEquivalentTo(stable, candidate);
        ((string?)(await story.StatusAsync())["stable"]!["revision"]).Should().Be(stable);
        (await story.Space.ConditionIsAsync(Story.Service, "TrafficReady", "False"))["message"]!.GetValue<string>().Should().Contain("Gateway");

        gateway.Looks = true;
        await story.EndsAsync("Promoted", candidate);
        (await users.CountAsync(20)).Keys.Should().Equal(candidate);
        await story.NobodyWasFailedAsync();
    }

    [Fact]
    public async Task A13_the_second_of_two_services_that_want_one_host_is_Stalled_and_the_first_ones_route_untouched()
    {
        await using var space = await cluster.SpaceAsync();
        await StandInGateway.InstallAsync(space.Api);
        await ApplyAsync(space, "first", $"{{{Reference}}}");
        var route = await space.UntilAsync("the first has its route", () => space.GetAsync("httproutes", "first"), "first");

        await ApplyAsync(space, "second", $"{{{Reference}}}");
        var stalled = await space.ConditionIsAsync("second", "Stalled", "True", "HostTaken");

        ((string)stalled["message"]!).Should().ContainAll("HTTPRoute 'first'", "iris.example.com");
        (await space.GetAsync("httproutes", "second")).Should().BeNull();
        ((string?)(await space.GetAsync("httproutes", "first"))!["metadata"]!["resourceVersion"])
            .Should().Be((string?)route["metadata"]!["resourceVersion"]);

        // Without the Gateway there is no route either, and then the other one may have the host.
        await ApplyAsync(space, "first", "{}");
        await space.TrueAsync("the first's route is gone", async () => await space.GetAsync("httproutes", "first") is null, "first");
        await space.TrueAsync("the second has its route", async () => await space.GetAsync("httproutes", "second") is not null, "second");
    }

    [Fact]
    public async Task A_persons_route_of_the_services_name_is_left_alone_and_an_edit_of_ours_is_put_right()
    {
        await using var space = await cluster.SpaceAsync();
        await StandInGateway.InstallAsync(space.Api);
        var path = space.Path("httproutes", "iris");
        await space.Api.ApplyAsync(path, $$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: iris, namespace: {{space.Name}}}
            spec: {parentRefs: [{name: elsewhere}]}
            """);
        await ApplyAsync(space, "iris", $"{{{Reference}}}");
        await space.ConditionIsAsync("iris", "Stalled", "True", "NameTaken");
        (await space.GetAsync("httproutes", "iris"))!["spec"]!["parentRefs"]![0]!["name"]!.GetValue<string>().Should().Be("elsewhere");

        await space.Api.DeleteAsync(path);
        var rules = (JsonNode node) => node["spec"]?["rules"]?.ToJsonString() ?? "";
        var ours = await space.UntilAsync("ours takes its place", async () =>
            await space.GetAsync("httproutes", "iris") is { } there && rules(there).Length > 0 ? there : null, "iris");
        await space.Api.MergeAsync(path, """{"spec":{"rules":[{"backendRefs":[{"name":"spy","port":80,"weight":1}]}]}}""");
        await space.TrueAsync("the edit is put right", async () => rules((await space.GetAsync("httproutes", "iris"))!) == rules(ours), "iris");
    }

    static Task<JsonNode> ApplyAsync(Space space, string name, string rollout) =>
        space.Api.ApplyAsync(space.Path("inferenceservices", name), $$"""
            apiVersion: sluice.dev/v1alpha1
            kind: InferenceService
            metadata: {name: {{name}}, namespace: {{space.Name}}}
            spec:
              predictor:
                model: {storageUri: "{{TestEnvironment.Models}}/iris/1/model.onnx"}
                minReplicas: 1
              rollout: {{rollout}}
            """);

    /// <summary>People outside of the cluster.</summary>
    sealed class Users(StandInGateway gateway)
    {
        /// <summary>How many got to which revision; every one of them got an answer.</summary>
        public async Task<Dictionary<string, int>> CountAsync(int requests)
        {
            var by = new Dictionary<string, int>();
            for (var i = 0; i < requests; i++)
            {
                var (backend, code, body) = await gateway.AskAsync(Story.Service, $"v1/models/{Story.Service}:predict", Iris.OneRow);
                code.Should().Be(HttpStatusCode.OK, body);
                by[backend] = by.GetValueOrDefault(backend) + 1;
            }
            return by;
        }
    }
}
