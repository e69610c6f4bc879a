using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;
using Sluice.Operator.Status;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Conversion;

/// <summary>KServe's InferenceService (serving.kserve.io/v1beta1) as an InferenceService and a ModelVersion of ours.</summary>
internal static class KServe
{
    /// <summary>Whatever a cluster adds to an object, which no manifest has.</summary>
    static readonly string[] Bookkeeping = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "finalizers", "selfLink", "ownerReferences"];

    public static bool IsOne(JsonObject manifest) =>
        (string?)manifest["kind"] == "InferenceService" && ((string?)manifest["apiVersion"])?.StartsWith("serving.kserve.io/", StringComparison.Ordinal) is true;

    /// <exception cref="PluginException">There is no model in it.</exception>
    public static Converted Convert(JsonObject manifest, ConversionOptions options)
    {
        var source = new Source((JsonObject)manifest.DeepClone());
        var notes = new List<Note>();
        source.Take("apiVersion");
        source.Take("kind");
        source.Take("status");
        foreach (var field in Bookkeeping)
            source.Take("metadata", field);
        var name = source.Text("metadata", "name") ?? throw new PluginException(ExitCodes.Failed, "metadata.name is missing in an InferenceService; give it one.");
        var ns = source.Text("metadata", "namespace");
        var model = ModelPart.Read(source, name, notes);
        var version = $"{name}-v{options.Version}".ToLowerInvariant();
        var scale = ScalePart.Read(source, notes);
        var predictor = new JsonObject { ["model"] = model.Container(version) };
        PredictorPart.Fill(predictor, scale, source, notes);
        var metadata = Metadata(name, ns);
        Marks.Fill(metadata, source, notes);
        notes.AddRange(Leftovers.Of(source));
        Named(name, notes);
        var service = Service(metadata, predictor, options, notes);
        return new Converted(name, [Version(version, name, ns, model, options), service], [.. notes.OrderBy(static n => n.Kind switch { NoteKind.ToDo => 0, NoteKind.Lost => 1, _ => 2 })]);
    }

    static JsonObject Version(string version, string name, string? ns, ModelPart model, ConversionOptions options)
    {
        var spec = new JsonObject
        {
            ["model"] = name,
            ["version"] = options.Version,
            ["format"] = new JsonObject { ["name"] = "onnx" },
            ["storageUri"] = model.StorageUri,
        };
        if (options.Credentials is { } secret)
            spec["credentials"] = new JsonObject { ["secretName"] = secret };
        return Manifest("ModelVersion", Metadata(version, ns), spec);
    }

    static JsonObject Service(JsonObject metadata, JsonObject predictor, ConversionOptions options, List<Note> notes)
    {
        var spec = new JsonObject { ["predictor"] = predictor };
        if (options.Strategy is { } strategy)
        {
            if (predictor.Remove("canaryTrafficPercent"))
                notes.Add(new Note(NoteKind.Changed, "spec.predictor.canaryTrafficPercent", $"left out, because --strategy {strategy} divides the requests itself"));
            spec["rollout"] = new JsonObject { ["strategy"] = strategy };
        }

        var service = Manifest("InferenceService", metadata, spec);
        var typed = System.Text.Json.JsonSerializer.Deserialize(service, ApiJson.Default.InferenceService)!;
        notes.AddRange(UnhonouredFields.Of(typed.Spec).Select(static f => new Note(NoteKind.Lost, $"spec.{f}", "is carried over, and has no effect in this version of Sluice")));
        return service;
    }

    static JsonObject Metadata(string name, string? ns)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
            metadata["namespace"] = ns;
        return metadata;
    }

    static JsonObject Manifest(string kind, JsonObject metadata, JsonObject spec) => new()
    {
        ["apiVersion"] = InferenceService.Kind.ApiVersion,
        ["kind"] = kind,
        ["metadata"] = metadata,
        ["spec"] = spec,
    };

    static void Named(string name, List<Note> notes)
    {
        if (name.Length > 52 || !char.IsAsciiLetterLower(name[0]) || name.Contains('.', StringComparison.Ordinal))
            notes.Add(new Note(NoteKind.ToDo, "metadata.name", $"'{name}' must begin with a letter, have no dots and at most 52 characters: choose another name"));
    }

    /// <summary>Every InferenceService of KServe in a text, also inside of a List; and what else there was.</summary>
    /// <exception cref="PluginException">The text is not YAML or JSON, or holds none.</exception>
    public static (IReadOnlyList<JsonObject> Services, IReadOnlyList<string> Others) Find(string text, string where)
    {
        IReadOnlyList<JsonNode> documents;
        try
        {
            documents = Yaml.Read(text);
        }
        catch (FormatException e)
        {
            throw new PluginException(ExitCodes.Failed, $"{where}: {e.Message}. Give a manifest in YAML or JSON.", e);
        }

        var all = documents.OfType<JsonObject>().SelectMany(static d => d["items"] is JsonArray items ? items.OfType<JsonObject>() : [d]).ToArray();
        var services = all.Where(IsOne).ToArray();
        if (services.Length == 0)
        {
            throw new PluginException(ExitCodes.Failed,
                $"{where}: no InferenceService of serving.kserve.io in it. Try: kubectl get inferenceservices.serving.kserve.io -o yaml | kubectl sluice convert -f -");
        }

        return (services, [.. all.Where(static d => !IsOne(d)).Select(static d => $"{(string?)d["kind"]} {(string?)d["metadata"]?["name"]}")]);
    }
}
