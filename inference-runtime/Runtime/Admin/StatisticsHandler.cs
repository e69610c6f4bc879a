using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Admin;

/// <summary>The statistics extension: GET /v2/models[/MODEL[/versions/VERSION]]/stats, times in nanoseconds.</summary>
internal sealed class StatisticsHandler(ServingState state)
{
    /// <returns>False when the path asks for no statistics.</returns>
    public bool TryHandle(Exchange exchange, string path)
    {
        if (!path.StartsWith("/v2/models/", StringComparison.Ordinal) || !path.EndsWith("/stats", StringComparison.Ordinal))
            return false;
        var parts = path["/v2/models/".Length..].Split('/');
        IEnumerable<ModelEntry> entries = parts switch
        {
            ["stats"] => state.Catalog.All.SelectMany(m => m.All),
            [var name, "stats"] => Find(name).All,
            [var name, "versions", var version, "stats"] =>
                [Find(name).Find(Uri.UnescapeDataString(version)) ?? throw RequestException.NotFound($"Model \"{Excerpt.Of(name)}\" has no version \"{Excerpt.Of(version)}\".")],
            _ => throw RequestException.NotFound($"There is nothing at {Excerpt.Of(path)}."),
        };
        var json = new JsonBuffer();
        json.Raw("{\"model_stats\":["u8);
        var first = true;
        foreach (var entry in entries)
        {
            if (!first)
                json.Byte((byte)',');
            first = false;
            Write(json, entry);
        }
        json.Raw("]}"u8);
        exchange.AnswerJson(200, json);
        return true;
    }

    private ModelVersions Find(string name) => state.Catalog.Find(Uri.UnescapeDataString(name))
        ?? throw RequestException.NotFound($"Model \"{Excerpt.Of(name)}\" does not exist.");

    private static void Write(JsonBuffer json, ModelEntry entry)
    {
        var statistics = entry.Served?.Metrics.Statistics() ?? default;
        json.Raw("{\"name\":"u8);
        json.String(entry.Location.Name);
        json.Raw(",\"version\":"u8);
        json.String(entry.Version);
        json.Raw(",\"inference_count\":"u8);
        json.Number(statistics.Inference.Count);
        json.Raw(",\"execution_count\":"u8);
        json.Number(statistics.Runs);
        json.Raw(",\"inference_stats\":{"u8);
        Duration(json, "success", statistics.Success);
        json.Byte((byte)',');
        Duration(json, "fail", statistics.Failure);
        json.Byte((byte)',');
        Duration(json, "queue", statistics.Queue);
        json.Byte((byte)',');
        Duration(json, "compute_infer", statistics.Inference);
        json.Raw("}}"u8);
    }

    private static void Duration(JsonBuffer json, string name, Accumulated value)
    {
        json.String(name);
        json.Raw(":{\"count\":"u8);
        json.Number(value.Count);
        json.Raw(",\"ns\":"u8);
        json.Number(value.Nanoseconds);
        json.Byte((byte)'}');
    }
}
