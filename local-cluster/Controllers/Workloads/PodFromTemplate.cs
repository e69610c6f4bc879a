using System.Text.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>Makes a pod of a template; pure but for the random part of the name.</summary>
internal static class PodFromTemplate
{
    internal static PodResource Build(
        JsonElement template, IKubeObject owner, Random random, IReadOnlyDictionary<string, string>? moreLabels = null)
    {
        var metadata = Metadata(template);
        var labels = new Dictionary<string, string>(metadata.Labels ?? new Dictionary<string, string>());
        foreach (var (key, value) in moreLabels ?? new Dictionary<string, string>())
            labels[key] = value;
        return new PodResource
        {
            Metadata = new ObjectMeta
            {
                Name = Names.Generate(owner.Metadata.Name!, random),
                Namespace = owner.Metadata.Namespace,
                Labels = labels,
                Annotations = metadata.Annotations,
                Finalizers = metadata.Finalizers,
                OwnerReferences = [OwnerReference.ToController(owner)],
            },
            Spec = template.TryGetProperty("spec", out var spec) ? spec : default,
        };
    }

    internal static ObjectMeta Metadata(JsonElement template) =>
        template.ValueKind == JsonValueKind.Object && template.TryGetProperty("metadata", out var metadata)
            && metadata.ValueKind == JsonValueKind.Object
            ? metadata.Deserialize(LocalJson.Default.ObjectMeta)!
            : new ObjectMeta();
}
