using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.Plugin.Conversion;

/// <summary>What else a predictor says of serving and of its pods.</summary>
internal static class PredictorPart
{
    /// <summary>These mean here what they mean there.</summary>
    static readonly string[] AsTheyAre = ["serviceAccountName", "nodeSelector", "tolerations", "affinity", "labels", "annotations"];

    public static void Fill(JsonObject predictor, JsonObject scale, Source source, List<Note> notes)
    {
        foreach (var (name, value) in scale)
            predictor[name] = value?.DeepClone();
        if (source.Number("spec", "predictor", "canaryTrafficPercent") is { } share)
        {
            predictor["canaryTrafficPercent"] = share;
            notes.Add(new Note(NoteKind.Changed, "spec.predictor.canaryTrafficPercent", $"holds the next version at {share} %; this one, being the first, gets all requests"));
        }

        if (source.Number("spec", "predictor", "timeout") is > 0 and var seconds)
            predictor["timeoutSeconds"] = Math.Min(seconds, 3600);
        if (source.Number("spec", "predictor", "containerConcurrency") is > 0 and var concurrency)
            predictor["containerConcurrency"] = Math.Min(concurrency, 1000);
        Batcher(predictor, source, notes);
        Logger(predictor, source, notes);
        foreach (var field in AsTheyAre)
        {
            if (source.Take("spec", "predictor", field) is { } value)
                predictor[field] = value;
        }

        if (predictor["serviceAccountName"] is not null)
        {
            notes.Add(new Note(NoteKind.Changed, "spec.predictor.serviceAccountName",
                "the Secrets of a ServiceAccount are not read: name the Secret for the storage in credentials of the ModelVersion (--credentials); cloud identities of the account work"));
        }
    }

    static void Batcher(JsonObject predictor, Source source, List<Note> notes)
    {
        string[] at = ["spec", "predictor", "batcher"];
        if (!source.Has(at))
            return;
        var batcher = new JsonObject();
        if (source.Number([.. at, "maxBatchSize"]) is > 0 and var size)
            batcher["maxBatchSize"] = size;
        if (source.Number([.. at, "maxLatency"]) is > 0 and var milliseconds)
        {
            batcher["maxLatency"] = Math.Min(milliseconds, 10_000).ToString(CultureInfo.InvariantCulture) + "ms";
            notes.Add(new Note(NoteKind.Changed, "spec.predictor.batcher.maxLatency",
                "requests do not wait for others to come; here it is what a run may take longer for the rows of others, and 5ms is usual"));
        }

        predictor["batcher"] = batcher;
    }

    static void Logger(JsonObject predictor, Source source, List<Note> notes)
    {
        string[] at = ["spec", "predictor", "logger"];
        if (!source.Has(at))
            return;
        var logger = new JsonObject { ["mode"] = source.Text([.. at, "mode"]) ?? "all" };
        switch (source.Text([.. at, "url"]))
        {
            case { } url when url.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal):
                logger["url"] = url;
                break;
            case { } url:
                notes.Add(new Note(NoteKind.ToDo, "spec.predictor.logger.url", $"'{url}' is not http or https; without it, events are lines on the pods' standard output"));
                break;
            default:
                notes.Add(new Note(NoteKind.Changed, "spec.predictor.logger.url", "KServe's default broker is not known here: events are lines on the pods' standard output"));
                break;
        }

        if (source.Take([.. at, "metadataHeaders"]) is JsonArray { Count: > 0 } headers)
            logger["metadataHeaders"] = headers;
        predictor["logger"] = logger;
    }
}
