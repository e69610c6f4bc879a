using System.Text.Json;

namespace Sluice.Monitoring.Tests;

/// <summary>What SciPy computed; see Golden/make_scores.py.</summary>
internal static class Scores
{
    public static JsonElement All { get; } =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "scores.json"))).RootElement;

    public static double[] Doubles(this JsonElement of, string name) =>
        [.. of.GetProperty(name).EnumerateArray().Select(static e => e.GetDouble())];

    public static long[] Longs(this JsonElement of, string name) =>
        [.. of.GetProperty(name).EnumerateArray().Select(static e => e.GetInt64())];

    public static double Number(this JsonElement of, string name) => of.GetProperty(name).GetDouble();
}
