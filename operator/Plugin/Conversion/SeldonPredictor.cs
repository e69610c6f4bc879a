using System.Text.Json.Nodes;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Conversion;

/// <summary>One predictor of a SeldonDeployment, with a graph of one model.</summary>
/// <param name="Place">Its path.</param>
/// <param name="Traffic">Percent of the requests, where it says so.</param>
/// <param name="Shadow">It gets copies.</param>
/// <param name="Secret">What its model is fetched with.</param>
/// <param name="Settings">What it says of its pods, in our words.</param>
internal sealed record SeldonPredictor(string Place, string Name, long? Traffic, bool Shadow, string StorageUri, string? Secret, JsonObject Settings)
{
    /// <summary>spec.predictor of a service that serves a version.</summary>
    public JsonObject Service(string version)
    {
        var predictor = (JsonObject)Settings.DeepClone();
        predictor["model"]!.AsObject().Insert(0, "version", version);
        return predictor;
    }

    /// <exception cref="PluginException">There is no model in it.</exception>
    public static SeldonPredictor Read(Source source, string place, string service, long? replicas, List<Note> notes)
    {
        var name = source.Text("name") ?? "default";
        var shadow = source.Text("shadow") is "true";
        var implementation = source.Text("graph", "implementation") ?? "";
        if (!source.Has("graph", "modelUri"))
        {
            throw new PluginException(ExitCodes.Failed,
                $"SeldonDeployment {service}: {place}.graph has no modelUri. What it runs is a container of its own; export its model to ONNX and write an InferenceService by hand.");
        }

        var uri = Storage.Translated(source.Text("graph", "modelUri")!, $"{place}.graph.modelUri", notes);
        // Triton serves many formats, and a file says its own.
        var format = implementation == "TRITON_SERVER" && uri.EndsWith(".onnx", StringComparison.Ordinal) ? "onnx" : Format(implementation);
        if (ModelPart.Format(format) is { } problem)
            notes.Add(new Note(NoteKind.ToDo, $"{place}.graph.implementation", problem));
        var secret = source.Text("graph", "envSecretRefName");
        if (secret is not null)
            notes.Add(new Note(NoteKind.ToDo, $"{place}.graph.envSecretRefName", $"is credentials of the ModelVersion: docs/models-and-storage.md has the keys that Secret {secret} needs"));
        var settings = new JsonObject { ["model"] = new JsonObject() };
        Graph(source, settings, place, notes);
        settings["minReplicas"] = Math.Max(source.Number("replicas") ?? replicas ?? 1, 1);
        SeldonPods.Fill(source, settings, source.Text("graph", "name"), place, notes);
        var traffic = source.Number("traffic");
        notes.AddRange(source.Left().Select(static path => new Note(NoteKind.Lost, path, Why(path))));
        return new SeldonPredictor(place, name, traffic, shadow, uri, secret, settings);
    }

    static void Graph(Source source, JsonObject settings, string place, List<Note> notes)
    {
        foreach (var field in (string[])["type", "endpoint", "methods", "storageInitializerImage"])
            source.Take("graph", field);
        if (source.Take("graph", "parameters") is JsonArray { Count: > 0 })
            notes.Add(new Note(NoteKind.Lost, $"{place}.graph.parameters", "every model is served by Sluice's own runtime, which sets this itself"));
        if (source.Take("graph", "children") is JsonArray { Count: > 0 })
            notes.Add(new Note(NoteKind.Lost, $"{place}.graph.children", "there are no graphs: each model is a service, and the caller joins them"));
        if (source.Text("graph", "serviceAccountName") is { } account)
            settings["serviceAccountName"] = account;
        if (source.Take("graph", "logger") is not JsonObject logger)
            return;
        settings["logger"] = new JsonObject { ["mode"] = (string?)logger["mode"] ?? "all" };
        if ((string?)logger["url"] is { } url && (url.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal)))
            settings["logger"]!["url"] = url;
        else
            notes.Add(new Note(NoteKind.Changed, $"{place}.graph.logger.url", "Seldon's default sink is not known here: events are lines on the pods' standard output"));
    }

    /// <summary>By Seldon's prepackaged servers.</summary>
    static string Format(string implementation) => implementation switch
    {
        "TRITON_SERVER" => "triton",
        "SKLEARN_SERVER" => "sklearn",
        "XGBOOST_SERVER" => "xgboost",
        "TENSORFLOW_SERVER" => "tensorflow",
        "MLFLOW_SERVER" => "mlflow",
        "HUGGINGFACE_SERVER" => "huggingface",
        _ => implementation,
    };

    static string Why(string path) =>
        path.Contains(".explainer", StringComparison.Ordinal) ? "there are no explainers: run them beside the service"
        : path.Contains(".svcOrchSpec", StringComparison.Ordinal) || path.Contains(".engineResources", StringComparison.Ordinal) ? "there is no orchestrator in a pod"
        : "has no counterpart";
}
