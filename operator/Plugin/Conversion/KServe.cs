using System.Text.Json.Nodes;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Conversion;

/// <summary>KServe's InferenceService (serving.kserve.io/v1beta1) as an InferenceService and a ModelVersion of ours.</summary>
internal static class KServe
{
    public static bool IsOne(JsonObject manifest) =>
        (string?)manifest["kind"] == "InferenceService" && ((string?)manifest["apiVersion"])?.StartsWith("serving.kserve.io/", StringComparison.Ordinal) is true;

    /// <exception cref="PluginException">There is no model in it.</exception>
    public static Converted Convert(JsonObject manifest, ConversionOptions options)
    {
        var source = new Source((JsonObject)manifest.DeepClone());
        var notes = new List<Note>();
        Made.SkipBookkeeping(source);
        var name = source.Text("metadata", "name") ?? throw new PluginException(ExitCodes.Failed, "metadata.name is missing in an InferenceService; give it one.");
        var ns = source.Text("metadata", "namespace");
        var model = ModelPart.Read(source, name, notes);
        var version = options.VersionName(name);
        var scale = ScalePart.Read(source, notes);
        var predictor = new JsonObject { ["model"] = model.Container(version) };
        PredictorPart.Fill(predictor, scale, source, notes);
        var metadata = Made.Metadata(name, ns);
        Marks.Fill(metadata, source, notes);
        notes.AddRange(Leftovers.Of(source));
        var service = Made.Service(metadata, Spec(predictor, options, notes), notes);
        return Made.Sorted(name, [Made.Version(version, ns, name, options.Version, model.StorageUri, options.Credentials), service], notes);
    }

    static JsonObject Spec(JsonObject predictor, ConversionOptions options, List<Note> notes)
    {
        var spec = new JsonObject { ["predictor"] = predictor };
        if (options.Strategy is not { } strategy)
            return spec;
        if (predictor.Remove("canaryTrafficPercent"))
            notes.Add(new Note(NoteKind.Changed, "spec.predictor.canaryTrafficPercent", $"left out, because --strategy {strategy} divides the requests itself"));
        spec["rollout"] = new JsonObject { ["strategy"] = strategy };
        return spec;
    }
}
