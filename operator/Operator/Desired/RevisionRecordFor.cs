using System.Text.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>The owned object that a revision is frozen in.</summary>
internal static class RevisionRecordFor
{
    public static ControllerRevision Render(InferenceService service, string name, JsonElement data, long number) => new()
    {
        Metadata = Child.Meta(service, name, name),
        Revision = number,
        Data = data,
    };
}
