using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Support.Programs;

namespace Sluice.Integration.World;

/// <summary>The rows of iris.csv with their classes.</summary>
internal static class Iris
{
    public const string OneRow = """{"instances": [[5.1, 3.5, 1.4, 0.2]]}""";

    public static IReadOnlyList<(double[] Features, int Class)> Rows { get; } =
    [
        .. File.ReadLines(Checkout.Path("tests", "Models", "iris", "iris.csv")).Skip(1).Select(line =>
        {
            var cells = line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
            return (cells[..4], (int)cells[4]);
        }),
    ];

    public static string AllRows =>
        new JsonObject
        {
            ["instances"] = new JsonArray([.. Rows.Select(row => (JsonNode)new JsonArray([.. row.Features.Select(f => (JsonNode)f)]))]),
        }.ToJsonString();

    /// <summary>The share of rows whose label in a V1 answer is right.</summary>
    public static double Accuracy(string answer)
    {
        var predictions = JsonNode.Parse(answer)!["predictions"]!.AsArray();
        predictions.Should().HaveCount(Rows.Count);
        var right = predictions.Zip(Rows).Count(pair => (int?)pair.First!["label"] == pair.Second.Class);
        return (double)right / Rows.Count;
    }
}
