using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Monitoring;

/// <summary>A Job of which everything but its metadata is somebody's template.</summary>
internal sealed record TemplatedJob : KubeObject<TemplatedJob>, IKubeObject<TemplatedJob>
{
    public static ResourceKind Kind => Job.Kind;

    public static JsonTypeInfo<TemplatedJob> JsonType => ApiJson.Default.TemplatedJob;

    public JsonElement? Spec { get; init; }
}

/// <summary>
/// The Job that is started: the template with the evidence in the environment of each of its containers. The pods get
/// none of our labels, by which they would be taken for pods that serve.
/// </summary>
internal static class ReactionJobFor
{
    public static TemplatedJob Render(ReactionKind kind, InferenceService service, ReactionStatus reaction, JsonElement template)
    {
        var spec = JsonNode.Parse(template.GetProperty("spec").GetRawText())!.AsObject();
        var variables = Variables(kind.Variables, service, reaction);
        foreach (var container in Containers(spec))
            container["env"] = Environment(container["env"] as JsonArray, variables);
        var metadata = template.TryGetProperty("metadata", out var given) ? given : default;
        return new TemplatedJob
        {
            Metadata = new ObjectMeta
            {
                Name = reaction.Job,
                Namespace = service.Metadata.Namespace,
                Labels = Labelled(kind, service, metadata),
                Annotations = Texts(metadata, "annotations"),
                OwnerReferences = [OwnerReference.ToController(service)],
            },
            Spec = JsonSerializer.SerializeToElement(spec, KubeJson.Default.JsonObject),
        };
    }

    /// <summary>What is wrong with a template, before there is a need for it; null when nothing is.</summary>
    public static string? Problem(JsonElement template)
    {
        if (At(template, "spec", "template", "spec", "containers") is not { ValueKind: JsonValueKind.Array } containers || containers.GetArrayLength() == 0)
            return "it needs spec.template.spec.containers, as the jobTemplate of a CronJob does";
        if (containers.EnumerateArray().Any(static c => c.ValueKind != JsonValueKind.Object))
            return "spec.template.spec.containers must hold objects";
        return (At(template, "spec", "template", "metadata", "labels") is { ValueKind: JsonValueKind.Object } labels)
            && labels.EnumerateObject().FirstOrDefault(static l => l.Name.StartsWith(Labels.Domain, StringComparison.Ordinal)) is { Value.ValueKind: not JsonValueKind.Undefined } label
            ? $"the label {label.Name} of its pods is kept for Sluice" : null;
    }

    static JsonElement? At(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element;
    }

    static IEnumerable<JsonObject> Containers(JsonObject spec)
    {
        var pod = spec["template"]!["spec"]!;
        return ((JsonArray[])[.. new[] { pod["initContainers"], pod["containers"] }.OfType<JsonArray>()]).SelectMany(static list => list.OfType<JsonObject>());
    }

    static List<EnvVar> Variables(string prefix, InferenceService service, ReactionStatus reaction)
    {
        var evidence = ReactionEvidence.Of(reaction);
        return
        [
            new() { Name = prefix + "NAMESPACE", Value = service.Metadata.Namespace },
            new() { Name = prefix + "INFERENCESERVICE", Value = service.Metadata.Name },
            new() { Name = prefix + "MODELVERSION", Value = evidence?.ModelVersion ?? reaction.Revision },
            new() { Name = prefix + "DIGEST", Value = evidence?.Digest ?? "" },
            new() { Name = prefix + "METRICS", Value = string.Join(',', (evidence?.Quality ?? []).Where(static q => q.Dropped is true).Select(static q => q.Metric)) },
            new() { Name = prefix + "FEATURES", Value = string.Join(',', (evidence?.Moved ?? []).Where(static m => m.Prediction is not true).Select(static m => m.Feature).Distinct()) },
            new() { Name = prefix + "EVIDENCE", Value = Escaped(reaction.Evidence?.GetRawText() ?? "{}") },
        ];
    }

    /// <summary>Kubernetes expands $(NAME) in values; $$ is a $.</summary>
    static string Escaped(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>What the template says itself stays, but for names of ours.</summary>
    static JsonArray Environment(JsonArray? present, List<EnvVar> ours)
    {
        var kept = (present ?? []).Where(e => e?["name"]?.GetValueKind() != JsonValueKind.String || !ours.Exists(o => o.Name == (string?)e["name"]));
        return
        [
            .. kept.Select(static e => e?.DeepClone()),
            .. ours.Select(static v => (JsonNode)new JsonObject { ["name"] = v.Name, ["value"] = v.Value }),
        ];
    }

    static SortedDictionary<string, string> Labelled(ReactionKind kind, InferenceService service, JsonElement metadata)
    {
        var labels = Child.LabelsOf(service.Metadata.Name!, null);
        labels[Labels.AppComponent] = kind.Word + "-reaction";
        foreach (var (name, value) in Texts(metadata, "labels") ?? [])
            labels.TryAdd(name, value);
        return labels;
    }

    static Dictionary<string, string>? Texts(JsonElement metadata, string field) =>
        At(metadata, field) is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().Where(static p => p.Value.ValueKind == JsonValueKind.String).ToDictionary(static p => p.Name, static p => p.Value.GetString()!)
            : null;
}
