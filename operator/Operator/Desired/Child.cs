using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>What all children of a service have in common.</summary>
internal static class Child
{
    public const string ManagedBy = "sluice";

    /// <summary>Nothing of the parent's labels and annotations is copied: tools would take the child for their own.</summary>
    public static ObjectMeta Meta(InferenceService service, string name, string? revision, params ReadOnlySpan<KeyValuePair<string, string>> more)
    {
        var labels = LabelsOf(service.Metadata.Name!, revision);
        foreach (var (key, value) in more)
            labels[key] = value;
        return new ObjectMeta
        {
            Name = name,
            Namespace = service.Metadata.Namespace,
            Labels = labels,
            OwnerReferences = [OwnerReference.ToController(service)],
        };
    }

    public static SortedDictionary<string, string> LabelsOf(string service, string? revision)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [Labels.Service] = service,
            [Labels.AppName] = "inference",
            [Labels.AppComponent] = "predictor",
            [Labels.AppPartOf] = service,
            [Labels.AppManagedBy] = ManagedBy,
        };
        if (revision is not null)
            labels[Labels.Revision] = revision;
        return labels;
    }

    /// <summary>What selects the pods of one revision.</summary>
    public static SortedDictionary<string, string> Selector(string service, string revision) => new(StringComparer.Ordinal)
    {
        [Labels.Service] = service,
        [Labels.Revision] = revision,
    };
}
