using System.Text.Json.Nodes;
using Sluice.Support.Programs;

namespace Sluice.Integration.World;

/// <summary>Iris rows that are as in training, or have moved, sent until something is seen.</summary>
internal static class Drifting
{
    public static string Usual { get; } = Iris.AllRows;

    /// <summary>Flowers three centimetres larger.</summary>
    public static string Moved { get; } = new JsonObject
    {
        ["instances"] = new JsonArray([.. Iris.Rows.Select(row => (JsonNode)new JsonArray([.. row.Features.Select(f => (JsonNode)(f + 3))]))]),
    }.ToJsonString();

    /// <summary>A ModelVersion with the distributions of iris.csv as its baseline.</summary>
    public static async Task VersionAsync(Space space, string named, string spec = "")
    {
        var (code, baseline) = await RunningProgram.RunAsync(
            Checkout.Published("sluice-runtime"),
            ["profile", "--model", Checkout.Path("tests", "Models", "iris", "2", "model.onnx"), "--data", Checkout.Path("tests", "Models", "iris", "iris.csv"), "--ignore", "class"]);
        code.Should().Be(0, baseline);
        await space.Api.ApplyAsync(space.Path("configmaps", "iris-baseline"), new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = "iris-baseline", ["namespace"] = space.Name },
            ["data"] = new JsonObject { ["baseline.json"] = baseline[baseline.IndexOf('{', StringComparison.Ordinal)..] },
        }.ToJsonString());
        await space.ModelVersionAsync(named, "iris/2/model.onnx", spec: "baseline: {configMapName: iris-baseline}" + spec);
    }

    /// <summary>Sends rows until the condition says what they show.</summary>
    public static async Task<JsonNode> SeenAsync(Space space, string rows, string status) =>
        await space.UntilAsync($"DriftDetected is {status}", async () =>
        {
            (await space.AskModelAsync("iris", "v1/models/iris:predict", rows)).Code.Should().Be(System.Net.HttpStatusCode.OK);
            var condition = await space.ConditionAsync("iris", "DriftDetected");
            return (string?)condition?["status"] == status ? condition : null;
        }, "iris");
}
