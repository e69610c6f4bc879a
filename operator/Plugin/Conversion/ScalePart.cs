using System.Text.Json.Nodes;

namespace Sluice.Plugin.Conversion;

/// <summary>How many pods there are, and what their number follows.</summary>
internal static class ScalePart
{
    const string Annotation = "serving.kserve.io/";

    public static JsonObject Read(Source source, List<Note> notes)
    {
        var made = new JsonObject();
        var least = source.Number("spec", "predictor", "minReplicas");
        var most = source.Number("spec", "predictor", "maxReplicas");
        if (least is 0)
            notes.Add(new Note(NoteKind.Changed, "spec.predictor.minReplicas", "is 1: Sluice does not scale to zero"));
        var few = least is > 0 ? least.Value : 1;
        made["minReplicas"] = few;
        if (most is > 0)
            made["maxReplicas"] = Math.Max(most.Value, few);
        var (metric, target, from) = Metric(source, notes);
        if (metric is null && target is null)
            return made;
        if (most is null || most <= few)
            notes.Add(new Note(NoteKind.Lost, from, "there is nothing to scale without maxReplicas above minReplicas"));
        else if (metric is "rps" or "concurrency" && target is null)
            notes.Add(new Note(NoteKind.Lost, from, $"{metric} needs a target; the number of pods follows cpu"));
        else
        {
            made["autoscaler"] = new JsonObject { ["metric"] = metric ?? "cpu" };
            if (metric is "rps" or "concurrency")
                notes.Add(new Note(NoteKind.Changed, from, $"{metric} is read from the cluster's custom metrics API: config/prometheus-adapter has the rules"));
            if (target is { } value)
                made["autoscaler"]!["target"] = value;
        }

        return made;
    }

    static (string? Metric, long? Target, string From) Metric(Source source, List<Note> notes)
    {
        var metric = source.Text("spec", "predictor", "scaleMetric");
        var target = source.Number("spec", "predictor", "scaleTarget");
        var kind = source.Text("spec", "predictor", "scaleMetricType");
        if (kind is not (null or "Utilization"))
            notes.Add(new Note(NoteKind.Lost, "spec.predictor.scaleMetricType", $"'{kind}': cpu and memory are always aimed at in percent of the request"));
        if (metric is not null || target is not null)
            return (metric, target, "spec.predictor.scaleMetric");
        if (source.Take("spec", "predictor", "autoScaling", "metrics") is JsonArray { Count: > 0 } metrics)
            return Listed(metrics, notes);
        metric = source.Text("metadata", "annotations", Annotation + "metrics");
        target = source.Number("metadata", "annotations", Annotation + "targetUtilizationPercentage");
        return (metric, target, "metadata.annotations[serving.kserve.io/metrics]");
    }

    static (string? Metric, long? Target, string From) Listed(JsonArray metrics, List<Note> notes)
    {
        const string path = "spec.predictor.autoScaling.metrics";
        if (metrics.Count > 1)
            notes.Add(new Note(NoteKind.Lost, path, "the number of pods follows one metric, the first"));
        var resource = metrics[0]?["resource"];
        if ((string?)metrics[0]?["type"] == "Resource" && (string?)resource?["name"] is { } name && resource["target"]?["averageUtilization"] is JsonValue share && share.TryGetValue<long>(out var target))
            return (name, target, path);
        notes.Add(new Note(NoteKind.Lost, path, "only cpu and memory in percent of the request can be carried over from here"));
        return (null, null, path);
    }
}
