using System.Text.Json;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Rollouts;

namespace Sluice.Operator.Traffic;

/// <summary>From what lies in the API to a split. Anybody may have written it.</summary>
internal static class SplitDocuments
{
    /// <summary>Null when there is none that pods could apply.</summary>
    public static SplitDocument? Read(ConfigMap? map)
    {
        if (map?.Data is null || !map.Data.TryGetValue(SplitDocument.FileName, out var text))
            return null;
        try
        {
            return JsonSerializer.Deserialize(text, ContractJson.Default.SplitDocument) is { } document && SplitCheck.Problem(document) is null
                ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null when the document copies requests to a revision that it does not name.</summary>
    public static TrafficSplit? ToSplit(SplitDocument document)
    {
        var split = TrafficSplit.Of([.. document.Shares.Select(static s => new Share(s.Revision, s.Percent))]);
        return document.Shadow is not { } shadow ? split
            : split.Names(shadow.Revision) ? split.Copying(shadow.Revision, shadow.Percent)
            : null;
    }
}
