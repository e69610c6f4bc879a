using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>What a ModelVersion names for reference, as an object of the revision's own.</summary>
/// <param name="Source">The ConfigMap that the ModelVersion names.</param>
/// <param name="Name">Of the copy.</param>
/// <param name="Key">What is copied of it.</param>
internal sealed record ReferenceCopyFor(string Source, string Name, string Key)
{
    /// <summary>Those that the pods of a revision mount.</summary>
    public static IEnumerable<ReferenceCopyFor> Of(string revision, RevisionInputs inputs)
    {
        if (inputs.GoldenConfigMap is { } golden)
            yield return new(golden, Names.Golden(revision), ReferenceFiles.Golden);
        if (inputs.BaselineConfigMap is { } baseline)
            yield return new(baseline, Names.Baseline(revision), ReferenceFiles.Baseline);
    }

    /// <summary>Null when the source lacks the key.</summary>
    /// <param name="service">Whose pods mount it.</param>
    /// <param name="record">Its owner: it goes with the record, and so when nobody needs the way back any more.</param>
    /// <param name="source">As it is in the API.</param>
    public ConfigMap? Render(InferenceService service, ControllerRevision record, ConfigMap source) =>
        source.Data?.TryGetValue(Key, out var text) is not true ? null : new ConfigMap
        {
            Metadata = Child.Meta(service, Name, record.Metadata.Name) with { OwnerReferences = [OwnerReference.ToController(record)] },
            Immutable = true,
            Data = new Dictionary<string, string> { [Key] = text! },
        };
}
