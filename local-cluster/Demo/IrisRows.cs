using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Demo;

/// <summary>The rows of iris.csv: four measures in centimetres and the class.</summary>
internal sealed record IrisRows(IReadOnlyList<double[]> Features, IReadOnlyList<int> Classes)
{
    public static readonly IReadOnlyList<string> Names = ["setosa", "versicolor", "virginica"];

    public static IrisRows Load(string file)
    {
        var cells = File.ReadLines(file).Skip(1).Where(line => line.Length > 0)
            .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToList();
        return new IrisRows([.. cells.Select(row => row[..^1])], [.. cells.Select(row => (int)row[^1])]);
    }

    /// <summary>Some of the rows as a V1 request.</summary>
    public string Request(int first, int count) =>
        new JsonObject
        {
            ["instances"] = new JsonArray([.. Features.Skip(first).Take(count).Select(row => new JsonArray([.. row.Select(value => JsonValue.Create(value))]))]),
        }.ToJsonString();
}
