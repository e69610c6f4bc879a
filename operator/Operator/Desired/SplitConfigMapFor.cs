using System.Text.Json;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Rollouts;

namespace Sluice.Operator.Desired;

/// <summary>The split document, where the pods of a service read it.</summary>
internal static class SplitConfigMapFor
{
    /// <param name="service">The owner.</param>
    /// <param name="split">The shares.</param>
    /// <param name="present">What is there; its generation is kept while the shares are the same.</param>
    public static ConfigMap Render(InferenceService service, TrafficSplit split, ConfigMap? present)
    {
        var old = Read(present);
        var shares = split.Shares.Select(static s => new SplitShare { Revision = s.Revision, Percent = s.Percent }).ToArray();
        var same = old is not null && old.Shares.SequenceEqual(shares);
        var document = new SplitDocument
        {
            Generation = same ? old!.Generation : (old?.Generation ?? 0) + 1,
            Shares = shares,
        };
        return new ConfigMap
        {
            Metadata = Child.Meta(service, Names.Split(service.Metadata.Name!), null),
            Data = new Dictionary<string, string>
            {
                [SplitDocument.FileName] = JsonSerializer.Serialize(document, ContractJson.Default.SplitDocument),
            },
        };
    }

    static SplitDocument? Read(ConfigMap? present)
    {
        if (present?.Data is null || !present.Data.TryGetValue(SplitDocument.FileName, out var text))
            return null;
        try
        {
            return JsonSerializer.Deserialize(text, ContractJson.Default.SplitDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
