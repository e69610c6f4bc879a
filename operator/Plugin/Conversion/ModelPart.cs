using System.Text.Json.Nodes;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Conversion;

/// <summary>The model of a predictor: where it lies, and the container that runs it.</summary>
internal sealed record ModelPart(string StorageUri, JsonObject Settings)
{
    /// <summary>KServe's older way to write a model: the format is the key.</summary>
    static readonly string[] Legacy = ["sklearn", "xgboost", "lightgbm", "pmml", "paddle", "tensorflow", "pytorch", "onnx", "triton", "huggingface"];

    /// <summary>The container's settings, for a service that names a ModelVersion.</summary>
    public JsonObject Container(string version)
    {
        var model = (JsonObject)Settings.DeepClone();
        model.Insert(0, "version", version);
        return model;
    }

    /// <exception cref="PluginException">There is none.</exception>
    public static ModelPart Read(Source source, string name, List<Note> notes)
    {
        var key = source.Has("spec", "predictor", "model") ? "model" : Legacy.FirstOrDefault(k => source.Has("spec", "predictor", k));
        if (key is null)
        {
            throw new PluginException(ExitCodes.Failed,
                $"InferenceService {name}: spec.predictor has no model. What it runs is a container of its own ({string.Join(", ", source.Members("spec", "predictor"))}); export its model to ONNX and write spec.predictor.model by hand.");
        }

        string[] at = ["spec", "predictor", key];
        Format(source, at, key, notes);
        var uri = Storage.Uri(source, at, notes);
        var settings = new JsonObject();
        Protocol(source, at, settings, notes);
        if (source.Take([.. at, "resources"]) is JsonObject { Count: > 0 } resources)
            settings["resources"] = resources;
        if (source.Take([.. at, "env"]) is JsonArray { Count: > 0 } env)
            Environment(env, settings, string.Join('.', at), notes);
        Runtime(source, at, notes);
        return new ModelPart(uri, settings);
    }

    static void Format(Source source, string[] at, string key, List<Note> notes)
    {
        var format = source.Text([.. at, "modelFormat", "name"]) ?? (key == "model" ? "" : key);
        source.Take([.. at, "modelFormat", "version"]);
        if (Format(format) is { } problem)
            notes.Add(new Note(NoteKind.ToDo, string.Join('.', at) + ".modelFormat", problem));
    }

    /// <summary>What must be done to a model of a format before it can be served; null for ONNX.</summary>
    public static string? Format(string format)
    {
        var how = format.ToLowerInvariant() switch
        {
            "onnx" => null,
            "triton" => "a Triton model repository may hold any format: name the .onnx file in it, such as …/MODEL/1/model.onnx",
            "sklearn" => "convert the model with skl2onnx",
            "xgboost" or "lightgbm" => "convert the model with onnxmltools",
            "pytorch" or "torchscript" => "export the model with torch.onnx.export",
            "tensorflow" or "keras" => "convert the model with tf2onnx",
            "huggingface" => "export the model with optimum-cli export onnx",
            "mlflow" => "convert the model by its flavour, and log it with mlflow.onnx.log_model",
            "paddle" => "convert the model with paddle2onnx",
            "pmml" => "train again or rebuild the model: nothing converts PMML to ONNX in general",
            _ => "export the model to ONNX",
        };
        return how is null ? null : $"only onnx is served, and this is '{format}': {how}; then correct storageUri of the ModelVersion";
    }

    static void Protocol(Source source, string[] at, JsonObject settings, List<Note> notes)
    {
        switch (source.Text([.. at, "protocolVersion"]))
        {
            case null:
                break;
            case var known and ("v1" or "v2" or "grpc-v2"):
                settings["protocolVersion"] = known;
                break;
            case var other:
                notes.Add(new Note(NoteKind.Lost, string.Join('.', at) + ".protocolVersion", $"'{other}' is not spoken; every pod speaks v1, v2 and grpc-v2"));
                break;
        }
    }

    public static void Environment(JsonArray env, JsonObject settings, string at, List<Note> notes)
    {
        var kept = new JsonArray();
        foreach (var variable in env.OfType<JsonObject>())
        {
            var name = (string?)variable["name"] ?? "";
            if (name.StartsWith("SLUICE_", StringComparison.Ordinal))
                notes.Add(new Note(NoteKind.Lost, $"{at}.env[{name}]", "names that begin with SLUICE_ are kept for Sluice"));
            else if (variable["valueFrom"] is JsonObject from && from["secretKeyRef"] is null && from["configMapKeyRef"] is null)
                notes.Add(new Note(NoteKind.Lost, $"{at}.env[{name}]", "a variable is read from a Secret or a ConfigMap only"));
            else
                kept.Add(variable.DeepClone());
        }

        if (kept.Count > 0)
            settings["env"] = kept;
    }

    /// <summary>There is one runtime.</summary>
    static void Runtime(Source source, string[] at, List<Note> notes)
    {
        foreach (var field in (string[])["runtime", "runtimeVersion", "image", "args", "command", "name", "imagePullPolicy", "ports", "readinessProbe", "livenessProbe", "startupProbe", "securityContext"])
        {
            if (source.Has([.. at, field]))
            {
                source.Take([.. at, field]);
                notes.Add(new Note(NoteKind.Lost, $"{string.Join('.', at)}.{field}", "every model is served by Sluice's own runtime, which sets this itself"));
            }
        }
    }
}
