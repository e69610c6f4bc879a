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
        var shares = split.Shares.Select((s, index) => index > 0 && s.Percent > 0
            ? new SplitShare { Revision = s.Revision, Percent = s.Percent, Http = Address(service, s.Revision, Ports.ServiceHttp), Grpc = Address(service, s.Revision, Ports.ServiceGrpc) }
            : new SplitShare { Revision = s.Revision, Percent = s.Percent }).ToArray();
        var shadow = split.Copies is { } copies
            ? new SplitShadow { Revision = copies.Revision, Percent = copies.Percent, Http = Address(service, copies.Revision, Ports.ServiceHttp), Grpc = Address(service, copies.Revision, Ports.ServiceGrpc) }
            : null;
        var same = old is not null && old.Shadow == shadow && old.Shares.SequenceEqual(shares);
        var document = new SplitDocument
        {
            Generation = same ? old!.Generation : (old?.Generation ?? 0) + 1,
            Shares = shares,
            Shadow = shadow,
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

    static string Address(InferenceService service, string revision, int port) =>
        $"{revision}.{service.Metadata.Namespace}.svc.cluster.local:{port}";

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
