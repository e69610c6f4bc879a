using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Records;

/// <summary>
/// The owned object that holds the record of one attempt. The label that bears the attempt's number keeps it out of what
/// the operator watches: records are read once after a start, and would fill its memory.
/// </summary>
internal static class AttemptRecordFor
{
    /// <param name="service">The owner.</param>
    /// <param name="attempt">Which.</param>
    /// <param name="revision">The candidate's name.</param>
    /// <param name="packed">See <see cref="RecordText.Pack"/>.</param>
    public static ConfigMap Render(InferenceService service, int attempt, string revision, byte[] packed) => new()
    {
        Metadata = Child.Meta(
            service, Names.Attempt(service.Metadata.Name!, attempt), revision,
            KeyValuePair.Create(Labels.Attempt, attempt.ToString(System.Globalization.CultureInfo.InvariantCulture))),
        BinaryData = new Dictionary<string, byte[]> { [RecordText.Key] = packed },
    };

    /// <summary>The attempt that an object is the record of; null when it is none.</summary>
    public static int? AttemptOf(IKubeObject item) =>
        int.TryParse(item.Metadata.Label(Labels.Attempt), System.Globalization.CultureInfo.InvariantCulture, out var attempt) ? attempt : null;
}
