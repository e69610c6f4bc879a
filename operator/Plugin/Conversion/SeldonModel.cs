using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Model;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Conversion;

/// <summary>Seldon Core 2's Model (mlops.seldon.io/v1alpha1): a model on shared servers becomes a service with pods of its own.</summary>
internal static class SeldonModel
{
    /// <summary>What the server of a pod itself needs, which Seldon's figure leaves out.</summary>
    const long ServerMemory = 128 << 20;

    /// <summary>Requirements that name what the model is, and not what serves it.</summary>
    static readonly string[] Formats = ["onnx", "sklearn", "xgboost", "lightgbm", "tensorflow", "pytorch", "mlflow", "huggingface"];

    public static bool IsOne(JsonObject manifest) =>
        (string?)manifest["kind"] == "Model" && ((string?)manifest["apiVersion"])?.StartsWith("mlops.seldon.io/", StringComparison.Ordinal) is true;

    /// <exception cref="PluginException">It has no name.</exception>
    public static Converted Convert(JsonObject manifest, ConversionOptions options)
    {
        var source = new Source((JsonObject)manifest.DeepClone());
        var notes = new List<Note>();
        Made.SkipBookkeeping(source);
        var name = source.Text("metadata", "name") ?? throw new PluginException(ExitCodes.Failed, "metadata.name is missing in a Model; give it one.");
        var ns = source.Text("metadata", "namespace");
        Requirements(source, notes);
        var uri = Storage.Uri(source, ["spec"], notes);
        var secret = source.Text("spec", "secretName");
        if (secret is not null)
            notes.Add(new Note(NoteKind.ToDo, "spec.secretName", $"Seldon's Secret {secret} holds a configuration of rclone, which is not read: make a Secret with the keys in docs/models-and-storage.md, and name it in credentials of the ModelVersion"));
        var predictor = new JsonObject { ["model"] = new JsonObject { ["version"] = options.VersionName(name), ["protocolVersion"] = "v2" } };
        Memory(source, predictor, notes);
        Replicas(source, predictor, notes);
        if (source.Number("spec", "logger", "percent") is { } percent)
        {
            predictor["logger"] = new JsonObject { ["samplePercent"] = Math.Clamp(percent, 0, 100) };
            notes.Add(new Note(NoteKind.Changed, "spec.logger", "events are lines on the pods' standard output; give predictor.logger a url for a sink"));
        }

        var metadata = Made.Metadata(name, ns);
        Marks.Fill(metadata, source, notes);
        notes.Add(new Note(NoteKind.Changed, "metadata.name", "is in the address instead of the header Seldon-Model: /v2/models/NAME/infer at the host NAME"));
        notes.AddRange(source.Left().Select(static path => new Note(NoteKind.Lost, path, Why(path))));
        var spec = new JsonObject { ["predictor"] = predictor };
        if (options.Strategy is { } strategy)
            spec["rollout"] = new JsonObject { ["strategy"] = strategy };
        return Made.Sorted(name, [Made.Version(options.VersionName(name), ns, name, options.Version, uri, options.Credentials ?? secret), Made.Service(metadata, spec, notes)], notes);
    }

    static void Requirements(Source source, List<Note> notes)
    {
        var wished = (source.Take("spec", "requirements") as JsonArray ?? []).Select(static r => (string?)r ?? "").ToArray();
        var format = source.Text("spec", "modelType") ?? wished.FirstOrDefault(static r => Formats.Contains(r)) ?? "";
        if (ModelPart.Format(format) is { } problem)
            notes.Add(new Note(NoteKind.ToDo, "spec.requirements", problem));
        foreach (var other in wished.Where(r => r != format && r is not ("triton" or "mlserver")))
            notes.Add(new Note(NoteKind.Lost, $"spec.requirements[{other}]", "there are no servers to choose from; nodes are chosen by predictor.nodeSelector"));
    }

    static void Memory(Source source, JsonObject predictor, List<Note> notes)
    {
        if (source.Text("spec", "memory") is not { } memory || !new Quantity(memory).TryToDecimal(out var bytes))
            return;
        var whole = Math.Ceiling((bytes + ServerMemory) / (1 << 20)).ToString(CultureInfo.InvariantCulture);
        predictor["model"]!["resources"] = new JsonObject { ["requests"] = new JsonObject { ["memory"] = $"{whole}Mi" } };
        notes.Add(new Note(NoteKind.Changed, "spec.memory", $"is {whole}Mi of the whole pod: {memory} for the model and 128Mi for its server"));
    }

    static void Replicas(Source source, JsonObject predictor, List<Note> notes)
    {
        var replicas = source.Number("spec", "replicas");
        var least = source.Number("spec", "minReplicas");
        var few = Math.Max(least ?? replicas ?? 1, 1);
        predictor["minReplicas"] = few;
        if ((replicas ?? least) is 0)
            notes.Add(new Note(NoteKind.Changed, "spec.replicas", "is 1: Sluice does not scale to zero"));
        if (source.Number("spec", "maxReplicas") is not (> 0 and var most))
            return;
        predictor["maxReplicas"] = Math.Max(most, few);
        notes.Add(new Note(NoteKind.Changed, "spec.maxReplicas", "the number of pods follows cpu; predictor.autoscaler says otherwise"));
    }

    static string Why(string path) => path switch
    {
        "spec.server" or "spec.preloaded" or "spec.preLoaded" or "spec.dedicated" => "each model has pods of its own",
        "spec.artifactVersion" => "name the whole path in storageUri of the ModelVersion",
        _ when path.StartsWith("spec.explainer", StringComparison.Ordinal) => "there are no explainers: run them beside the service",
        _ => "has no counterpart",
    };
}
