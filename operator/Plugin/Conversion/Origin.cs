using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Conversion;

/// <summary>One kind of another system that can be converted.</summary>
internal sealed record Origin(Func<JsonObject, bool> IsOne, Func<JsonObject, ConversionOptions, Converted> Convert)
{
    static readonly Origin[] All =
    [
        new(KServe.IsOne, KServe.Convert),
        new(SeldonDeployment.IsOne, SeldonDeployment.Convert),
        new(SeldonModel.IsOne, SeldonModel.Convert),
    ];

    /// <summary>Everything in a text that can be converted, also inside of a List; and what else there was, with what becomes of it.</summary>
    /// <exception cref="PluginException">The text is not YAML or JSON, or holds nothing to convert.</exception>
    public static (IReadOnlyList<Converted> Services, IReadOnlyList<string> Others) ConvertAll(string text, string where, ConversionOptions options)
    {
        var all = Read(text, where).OfType<JsonObject>().SelectMany(static d => d["items"] is JsonArray items ? items.OfType<JsonObject>() : [d])
            .Select(static d => (Manifest: d, Origin: All.FirstOrDefault(o => o.IsOne(d)))).ToArray();
        if (!Array.Exists(all, static d => d.Origin is not null))
        {
            throw new PluginException(ExitCodes.Failed,
                $"{where}: no InferenceService of serving.kserve.io in it, no SeldonDeployment and no Model of Seldon Core 2. Try: kubectl get inferenceservices.serving.kserve.io -o yaml | kubectl sluice convert -f -");
        }

        return ([.. all.Where(static d => d.Origin is not null).Select(d => d.Origin!.Convert(d.Manifest, options))],
            [.. all.Where(static d => d.Origin is null).Select(static d => $"{(string?)d.Manifest["kind"]} {(string?)d.Manifest["metadata"]?["name"]}: {Instead(d.Manifest)}")]);
    }

    static IReadOnlyList<JsonNode> Read(string text, string where)
    {
        try
        {
            return Yaml.Read(text);
        }
        catch (FormatException e)
        {
            throw new PluginException(ExitCodes.Failed, $"{where}: {e.Message}. Give a manifest in YAML or JSON.", e);
        }
    }

    static string Instead(JsonObject manifest) => (((string?)manifest["apiVersion"])?.Split('/')[0], (string?)manifest["kind"]) switch
    {
        ("mlops.seldon.io", "Experiment") => "its candidates become versions of one service, its weights steps of that service's rollout, its mirror a step with shadow",
        ("mlops.seldon.io", "Pipeline") => "there are no pipelines: each model is a service, and the caller joins them",
        ("mlops.seldon.io", _) => "is Seldon's own installation, which Sluice does not need",
        ("serving.kserve.io", "InferenceGraph") => "there are no graphs: each model is a service, and the caller joins them",
        ("serving.kserve.io", _) => "is KServe's own installation, which Sluice does not need",
        _ => "is not a model that is served",
    };
}
