using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Conversion;

/// <summary>
/// Seldon Core 1's SeldonDeployment (machinelearning.seldon.io/v1). The predictor with the most requests becomes the
/// service; each other one becomes a ModelVersion, and its share a step of the rollout that brings it in.
/// </summary>
internal static class SeldonDeployment
{
    public static bool IsOne(JsonObject manifest) =>
        (string?)manifest["kind"] == "SeldonDeployment" && ((string?)manifest["apiVersion"])?.StartsWith("machinelearning.seldon.io/", StringComparison.Ordinal) is true;

    /// <exception cref="PluginException">There is no model in it.</exception>
    public static Converted Convert(JsonObject manifest, ConversionOptions options)
    {
        var source = new Source((JsonObject)manifest.DeepClone());
        var notes = new List<Note>();
        Made.SkipBookkeeping(source);
        var name = source.Text("metadata", "name") ?? throw new PluginException(ExitCodes.Failed, "metadata.name is missing in a SeldonDeployment; give it one.");
        var ns = source.Text("metadata", "namespace");
        source.Take("spec", "name");
        var replicas = source.Number("spec", "replicas");
        var predictors = (source.Take("spec", "predictors") as JsonArray ?? []).OfType<JsonObject>()
            .Select((p, i) => SeldonPredictor.Read(new Source((JsonObject)p.DeepClone(), $"spec.predictors[{i}]"), $"spec.predictors[{i}]", name, replicas, notes)).ToArray();
        if (predictors.Length == 0)
            throw new PluginException(ExitCodes.Failed, $"SeldonDeployment {name}: spec.predictors is empty, so there is no model to serve.");
        var main = predictors.OrderBy(static p => p.Shadow).ThenByDescending(static p => p.Traffic ?? 0).First();

        var predictor = main.Service(options.VersionName(name));
        Protocol(source, predictor, notes);
        Timeout(source, predictor);
        var spec = new JsonObject { ["predictor"] = predictor };
        if (Rollout([.. predictors.Where(p => p != main)], name, options, notes) is { } rollout)
            spec["rollout"] = rollout;
        var metadata = Made.Metadata(name, ns);
        Marks.Fill(metadata, source, notes);
        notes.AddRange(source.Left().Select(static path => new Note(NoteKind.Lost, path, "has no counterpart")));
        var versions = predictors.Select(p => p == main
            ? Made.Version(options.VersionName(name), ns, name, options.Version, p.StorageUri, options.Credentials ?? p.Secret)
            : Made.Version(Other(name, p), ns, name, p.Name, p.StorageUri, options.Credentials ?? p.Secret));
        return Made.Sorted(name, [.. versions, Made.Service(metadata, spec, notes)], notes);
    }

    static string Other(string name, SeldonPredictor predictor) => $"{name}-{predictor.Name}".ToLowerInvariant();

    /// <summary>Null when nothing else is to serve.</summary>
    static JsonObject? Rollout(IReadOnlyList<SeldonPredictor> others, string name, ConversionOptions options, List<Note> notes)
    {
        foreach (var other in others)
        {
            notes.Add(new Note(NoteKind.ToDo, other.Place,
                $"is ModelVersion {Other(name, other)}: once the service serves, name it in spec.predictor.model.version, and it gets {(other.Shadow ? "copies of the requests" : string.Create(CultureInfo.InvariantCulture, $"{other.Traffic ?? 0} % of the requests"))}; one candidate at a time"));
        }

        if (options.Strategy is { } strategy)
            return new JsonObject { ["strategy"] = strategy };
        if (others.Count == 0)
            return null;
        var next = others[0];
        return new JsonObject
        {
            ["strategy"] = next.Shadow ? "Shadow" : "Canary",
            // A share there waits for nobody's evidence but a person's.
            ["gates"] = new JsonArray(),
            ["steps"] = new JsonArray(next.Shadow
                ? new JsonObject { ["shadow"] = new JsonObject { ["percent"] = Math.Clamp(next.Traffic ?? 100, 1, 100) }, ["approval"] = "required" }
                : new JsonObject { ["weight"] = Math.Clamp(next.Traffic ?? 0, 0, 100), ["approval"] = "required" }),
        };
    }

    static void Protocol(Source source, JsonObject predictor, List<Note> notes)
    {
        source.Take("spec", "transport");
        var protocol = source.Text("spec", "protocol") ?? "seldon";
        var model = predictor["model"]!.AsObject();
        switch (protocol)
        {
            case "v2" or "kfserving":
                model["protocolVersion"] = "v2";
                break;
            case "tensorflow":
                model["protocolVersion"] = "v1";
                break;
            default:
                model["protocolVersion"] = "v1";
                notes.Add(new Note(NoteKind.Changed, "spec.protocol", "calls of /api/v1.0/predictions with {\"data\": {\"ndarray\": …}} become /v1/models/NAME:predict with {\"instances\": …}"));
                break;
        }
    }

    /// <summary>In milliseconds, as an annotation.</summary>
    static void Timeout(Source source, JsonObject predictor)
    {
        foreach (var annotations in (string[][])[["metadata", "annotations"], ["spec", "annotations"]])
        {
            var rest = source.Number([.. annotations, "seldon.io/rest-timeout"]);
            if ((source.Number([.. annotations, "seldon.io/grpc-timeout"]) is { } grpc ? Math.Max(rest ?? 0, grpc) : rest) is > 0 and var longest)
                predictor["timeoutSeconds"] = Math.Clamp((longest + 999) / 1000, 1, 3600);
        }
    }
}
