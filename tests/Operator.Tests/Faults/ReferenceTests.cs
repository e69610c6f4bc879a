using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Support;

namespace Sluice.Operator.Tests.Faults;

/// <summary>What is kept of a version for the way back, and for how long.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public async Task Pods_are_held_to_the_answers_that_their_revision_began_with_also_when_these_are_changed_and_gone()
    {
        await using var shop = await Shop.OpenAsync();
        await using var running = new RunningOperator(shop);
        Put(shop, "configmaps", "{metadata: {name: answers}, data: {golden.json: first, other: x}}");
        Put(shop, "modelversions", "{metadata: {name: held}, spec: {model: iris, version: '1', format: {name: onnx}, storageUri: 'https://models/held', golden: {configMapName: answers}}}");
        shop.Apply("held");
        await shop.UntilServesAsync("held");
        var revision = Stable(shop);
        Copy(shop, revision)!["data"]!.ToJsonString().Should().Be("""{"golden.json":"first"}""");
        Put(shop, "configmaps", "{metadata: {name: answers}, data: {golden.json: second}}");
        shop.Apply("iris-1");
        await shop.UntilServesAsync("iris-1");
        shop.Store.Delete("configmaps", "answers");
        shop.Store.Delete("modelversions", "held");

        shop.Apply("held");

        await shop.UntilServesAsync("held");
        Stable(shop).Should().Be(revision);
        Copy(shop, revision)!["data"]!["golden.json"]!.ToString().Should().Be("first");
        var volumes = shop.Store.Get("deployments", revision)!["spec"]!["template"]!["spec"]!["volumes"]!.AsArray();
        volumes.Single(static v => (string?)v!["name"] == "golden")!["configMap"]!["name"]!.ToString().Should().Be($"{revision}-golden");
    }

    [Fact]
    public async Task A_copy_goes_with_the_record_of_its_revision()
    {
        await using var shop = await Shop.OpenAsync();
        await using var running = new RunningOperator(shop);
        Put(shop, "configmaps", "{metadata: {name: rows}, data: {baseline.json: once}}");
        Put(shop, "modelversions", "{metadata: {name: watched}, spec: {model: iris, version: '1', format: {name: onnx}, storageUri: 'https://models/watched', baseline: {configMapName: rows}}}");

        shop.Apply("watched");

        await shop.UntilServesAsync("watched");
        var owner = shop.Store.Get("configmaps", Stable(shop) + "-baseline")!["metadata"]!["ownerReferences"]!.AsArray().Single()!;
        (owner["kind"]!.ToString(), owner["name"]!.ToString()).Should().Be(("ControllerRevision", Stable(shop)));
        owner["uid"]!.ToString().Should().Be(shop.Store.Get("controllerrevisions", Stable(shop))!["metadata"]!["uid"]!.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task As_many_retired_revisions_are_remembered_as_the_spec_says(int limit)
    {
        await using var shop = await Shop.OpenAsync();
        await using var running = new RunningOperator(shop);
        var records = new List<string>();
        foreach (var version in new[] { "iris-1", "iris-2", "iris-3" })
        {
            shop.Apply(version);
            var service = shop.Store.Get("inferenceservices", "iris")!;
            service["spec"]!["revisionHistoryLimit"] = limit;
            shop.Store.Put("inferenceservices", service);
            await shop.UntilServesAsync(version);
            records.Add(Stable(shop));
        }

        await Eventually.TrueAsync(
            () => Records(shop).SetEquals(records.TakeLast(limit + 1)),
            () => $"{string.Join(", ", Records(shop))} are {string.Join(", ", records.TakeLast(limit + 1))}");
    }

    static HashSet<string> Records(Shop shop) => [.. shop.Store.All("controllerrevisions").Select(static r => (string)r["metadata"]!["name"]!)];

    static string Stable(Shop shop) => (string)shop.Status()!["stable"]!["revision"]!;

    static JsonObject? Copy(Shop shop, string revision) => shop.Store.Get("configmaps", $"{revision}-golden");

    static void Put(Shop shop, string plural, string yaml) => shop.Store.Put(plural, Yaml.Read(yaml)[0].AsObject());
}
