using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Records;
using Sluice.Rollouts.Records;
using Sluice.Support;

namespace Sluice.Operator.Tests.Faults;

/// <summary>The operator as a whole against an API of objects, versions and watches.</summary>
public sealed class OperatorTests
{
    [Fact]
    public async Task A_settled_world_is_not_written_to_again_not_even_by_a_new_operator()
    {
        await using var shop = await Shop.OpenAsync();
        await using (new RunningOperator(shop))
        {
            shop.Apply("iris-1", "minReplicas: 2, maxReplicas: 4");
            await shop.UntilServesAsync("iris-1");
            await shop.UntilQuietAsync();
        }

        var journal = shop.Api.Written.Length;
        await using (new RunningOperator(shop))
        {
            shop.Apply("iris-2", name: "other");
            await shop.UntilServesAsync("iris-2", "other");
        }

        shop.Api.Written.Skip(journal).Should().NotContain(w => w.Contains("/iris", StringComparison.Ordinal) && !w.Contains("modelversions", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("deployments")]
    [InlineData("services")]
    [InlineData("configmaps")]
    [InlineData("controllerrevisions")]
    [InlineData("horizontalpodautoscalers")]
    [InlineData("poddisruptionbudgets")]
    public async Task What_is_deleted_comes_back(string plural)
    {
        await using var shop = await Shop.OpenAsync();
        await using var running = new RunningOperator(shop);
        shop.Apply("iris-1", "minReplicas: 2, maxReplicas: 4");
        await shop.UntilServesAsync("iris-1");
        var world = shop.World();

        foreach (var item in shop.Store.All(plural))
            shop.Store.Delete(plural, (string)item["metadata"]!["name"]!);

        await Eventually.TrueAsync(() => shop.World() == world, () => $"the same world again, not {shop.World()}");
    }

    [Fact]
    public async Task A_bad_version_changes_nothing_for_users_and_is_named()
    {
        await using var shop = await Shop.OpenAsync();
        shop.BrokenModels.Add("https://models/iris-2");
        await using var running = new RunningOperator(shop);
        shop.Apply("iris-1");
        await shop.UntilServesAsync("iris-1");
        var front = shop.Store.Get("services", "iris")!["spec"]!.ToJsonString();

        shop.Apply("iris-2");

        await Eventually.TrueAsync(() => shop.Condition("CandidateHealthy", "reason") == "DigestMismatch", () => $"{shop.Status()}");
        (shop.Condition("Ready"), shop.Condition("Promoted"), shop.Condition("Stalled")).Should().Be(("True", "False", "True"));
        shop.Condition("Promoted", "message").Should().Contain("iris-1").And.Contain("keeps serving").And.Contain("not what was pinned");
        shop.Store.Get("services", "iris")!["spec"]!.ToJsonString().Should().Be(front);

        shop.Apply("iris-3");
        await shop.UntilServesAsync("iris-3");
    }

    [Fact]
    public async Task An_object_of_somebody_else_is_not_touched_and_holds_up_nobody_else()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Store.Put("services", Yaml.Read("{metadata: {name: taken}, spec: {selector: {app: mine}}}")[0].AsObject());
        var before = shop.Store.Get("services", "taken")!.ToJsonString();
        await using var running = new RunningOperator(shop);

        shop.Apply("iris-1", name: "taken");
        shop.Apply("iris-1");

        await shop.UntilServesAsync("iris-1");
        await Eventually.TrueAsync(() => shop.Condition("Stalled", name: "taken") == "True", () => $"{shop.Status("taken")}");
        shop.Condition("Stalled", "message", "taken").Should().Contain("Service 'taken'");
        shop.Condition("Stalled", "reason", "taken").Should().Be("NameTaken");
        shop.Store.Get("services", "taken")!.ToJsonString().Should().Be(before);
    }

    [Fact]
    public async Task An_object_that_cannot_be_read_is_reported_and_the_others_go_on()
    {
        await using var shop = await Shop.OpenAsync();
        await using var running = new RunningOperator(shop);
        shop.Apply("iris-1", name: "poison");
        await shop.UntilServesAsync("iris-1", "poison");
        var poison = shop.Store.Get("inferenceservices", "poison")!;
        poison["spec"]!["predictor"]!["minReplicas"] = "many";
        shop.Store.Put("inferenceservices", poison);

        shop.Apply("iris-1");

        await shop.UntilServesAsync("iris-1");
        await Eventually.TrueAsync(() => shop.Condition("Stalled", "reason", "poison") == "Unreadable", () => $"{shop.Status("poison")}");
        shop.Condition("Ready", name: "poison").Should().Be("True");
        ((string?)shop.Status("poison")!["stable"]!["version"]).Should().Be("iris-1");

        shop.Apply("iris-2", name: "poison");
        await shop.UntilServesAsync("iris-2", "poison");
    }

    [Fact]
    public async Task Nothing_is_written_on_a_service_that_the_cache_shows_as_it_was()
    {
        await using var shop = await Shop.OpenAsync();
        await using var running = new RunningOperator(shop);
        shop.Apply("iris-1");
        await shop.UntilServesAsync("iris-1");
        await shop.UntilQuietAsync();
        shop.Api.Held = "inferenceservices";
        shop.Apply("iris-2");
        var written = shop.Api.Written;

        shop.Store.Delete("deployments", (string)shop.Store.All("deployments")[0]["metadata"]!["name"]!);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);

        shop.Api.Written.Should().Equal(written, "the service has changed since the cache saw it");
        shop.Api.Held = null;
        await shop.UntilServesAsync("iris-2");
    }

    [Fact]
    public async Task A_service_that_lost_its_status_keeps_serving_what_it_serves()
    {
        await using var shop = await Shop.OpenAsync();
        await using var running = new RunningOperator(shop);
        shop.Apply("iris-1");
        await shop.UntilServesAsync("iris-1");
        shop.BrokenModels.Add("https://models/iris-2");
        var revision = (string?)shop.Status()!["stable"]!["revision"];
        var service = shop.Store.Get("inferenceservices", "iris")!;
        service.Remove("status");
        service["spec"]!["predictor"]!["model"]!["version"] = "iris-2";

        shop.Store.Put("inferenceservices", service);

        await Eventually.TrueAsync(() => shop.Condition("CandidateHealthy") == "False", () => $"{shop.Status()}");
        ((string?)shop.Status()!["stable"]!["revision"]).Should().Be(revision);
        ((string?)shop.Store.Get("services", "iris")!["spec"]!["selector"]!["sluice.dev/revision"]).Should().Be(revision);
    }

    [Fact]
    public async Task A_ModelVersion_that_is_gone_is_remembered_by_the_revisions_made_of_it()
    {
        await using var shop = await Shop.OpenAsync();
        await using var running = new RunningOperator(shop);
        shop.Apply("iris-1");
        await shop.UntilServesAsync("iris-1");
        shop.Apply("iris-2");
        await shop.UntilServesAsync("iris-2");

        shop.Store.Delete("modelversions", "iris-1");
        shop.Apply("iris-1");

        await shop.UntilServesAsync("iris-1");
    }

    [Fact]
    public async Task Another_runtime_image_restarts_no_pod()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Apply("iris-1");
        await using (new RunningOperator(shop))
            await shop.UntilServesAsync("iris-1");
        var record = shop.Store.All("controllerrevisions")[0];
        var older = JsonNode.Parse(record.ToJsonString().Replace("sluice-runtime:test", "sluice-runtime:older", StringComparison.Ordinal))!.AsObject();
        var deployment = shop.Store.All("deployments")[0];
        shop.Store.Put("controllerrevisions", older);
        shop.Store.Put("deployments", JsonNode.Parse(deployment.ToJsonString().Replace("sluice-runtime:test", "sluice-runtime:older", StringComparison.Ordinal))!.AsObject());
        var world = shop.World();

        await using (new RunningOperator(shop))
        {
            shop.Apply("iris-2", name: "other");
            await shop.UntilServesAsync("iris-2", "other");
        }

        shop.Store.All("deployments").Select(static d => d.ToJsonString()).Count(static d => d.Contains("sluice-runtime:older", StringComparison.Ordinal)).Should().Be(1);
        world.Should().Contain("sluice-runtime:older");
    }

    [Fact]
    public async Task Each_attempt_leaves_a_record_that_decides_the_same_again_and_the_oldest_go()
    {
        const string Canary = "{strategy: Canary, steps: [{weight: 10}, {weight: 50}], gates: []}";
        await using var shop = await Shop.OpenAsync();
        for (var version = 1; version <= 3; version++)
        {
            // Another operator for each, so that records are gone on with and not only begun.
            await using var running = new RunningOperator(shop);
            shop.Apply($"iris-{version}", rollout: Canary);
            await shop.UntilServesAsync($"iris-{version}");
        }

        AttemptRecord Record(int attempt) =>
            RecordText.Of(shop.Store.Get("configmaps", $"iris-attempt-{attempt}").Deserialize(KubeJson.Default.ConfigMap));
        shop.Store.Get("configmaps", "iris-attempt-1").Should().BeNull("a first version takes nobody's place");
        foreach (var attempt in new[] { 2, 3 })
        {
            var record = Record(attempt);
            (record.Stable.Version, record.Candidate.Version).Should().Be(($"iris-{attempt - 1}", $"iris-{attempt}"));
            Replay.Of(record).SelectMany(static r => r.Differences).Should().BeEmpty();
            record.Decisions.SelectMany(static d => d.Decision.Notes).Select(static n => n.Reason)
                .Should().ContainInOrder("RolloutStarted", "StepStarted", "TrafficShifting", "TrafficObserved", "StepStarted", "Promoting", "UsersMoving", "Promoted");
        }

        await using var limited = new RunningOperator(shop);
        // The limit is beside the rollout in the spec.
        shop.Apply("iris-1", rollout: Canary + ", revisionHistoryLimit: 1");
        await shop.UntilServesAsync("iris-1");

        await Eventually.TrueAsync(
            () => shop.Store.Get("configmaps", "iris-attempt-2") is null && shop.Store.Get("configmaps", "iris-attempt-3") is null, "old records go");
        shop.Store.Get("configmaps", "iris-attempt-4").Should().NotBeNull();
    }
}
