using System.Net;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Evidence;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Traffic;
using Sluice.Rollouts;
using Sluice.Rollouts.Evidence;

namespace Sluice.Operator.Desired;

/// <summary>The split document, where the pods of a service read it.</summary>
/// <param name="service">The owner.</param>
/// <param name="split">The shares.</param>
/// <param name="services">The Services that are there; each revision is reached by its own.</param>
internal sealed class SplitConfigMapFor(InferenceService service, TrafficSplit split, IReadOnlyList<Service> services)
{
    /// <summary>A cache that lags must not make two documents of one generation.</summary>
    public WantedObject<ConfigMap> Wanted(ConfigMap? present) => new(Render(present)) { Over = Render };

    /// <param name="present">What is there; its generation is kept while it says the same.</param>
    public ConfigMap Render(ConfigMap? present)
    {
        var old = SplitDocuments.Read(present);
        var shares = split.Shares.Select((s, index) => index == 0 ? First(s) : Other(s, old)).ToArray();
        var shadow = split.Copies is { } copies ? Shadow(copies, old) : null;
        var assignment = Assignment();
        var document = new SplitDocument { Generation = old?.Generation ?? 1, Shares = shares, Shadow = shadow, Assignment = assignment };
        if (old is not null && Text(old) != Text(document))
            document = document with { Generation = old.Generation + 1 };
        return new ConfigMap
        {
            Metadata = Child.Meta(service, Names.Split(service.Metadata.Name!), null),
            Data = new Dictionary<string, string>
            {
                [SplitDocument.FileName] = Text(document),
            },
        };
    }

    static string Text(SplitDocument document) => JsonSerializer.Serialize(document, ContractJson.Default.SplitDocument);

    /// <summary>Its pods divide, so nobody is sent there.</summary>
    static SplitShare First(Share share) => new() { Revision = share.Revision, Percent = share.Percent };

    SplitShare Other(Share share, SplitDocument? old)
    {
        var before = old?.Shares.FirstOrDefault(s => s.Revision == share.Revision);
        return new SplitShare
        {
            Revision = share.Revision,
            Percent = share.Percent,
            Http = Known(share.Revision, Ports.RevisionHttp, before?.Http) ?? (share.Percent > 0 ? Named(share.Revision, Ports.RevisionHttp) : null),
            Grpc = Known(share.Revision, Ports.ServiceGrpc, before?.Grpc) ?? (share.Percent > 0 ? Named(share.Revision, Ports.ServiceGrpc) : null),
            TimeoutMilliseconds = Patience(),
        };
    }

    SplitShadow Shadow(Share copies, SplitDocument? old)
    {
        var before = old?.Shares.FirstOrDefault(s => s.Revision == copies.Revision);
        return new SplitShadow
        {
            Revision = copies.Revision,
            Percent = copies.Percent,
            Http = Known(copies.Revision, Ports.RevisionHttp, before?.Http) ?? Named(copies.Revision, Ports.RevisionHttp),
            Grpc = Known(copies.Revision, Ports.ServiceGrpc, before?.Grpc) ?? Named(copies.Revision, Ports.ServiceGrpc),
            Floor = Floor(old?.Shadow?.Floor),
            Tolerances = Tolerances() is { Length: > 0 } wished ? wished : null,
        };
    }

    /// <summary>Only agreement asks for it: each copy of a copy is work for stable.</summary>
    SplitFloor? Floor(SplitFloor? before)
    {
        var percent = GatesFor.Spec(service.Spec, StepsFor.Spec(service.Spec)).OfType<Agreement>().Select(static a => a.FloorPercent).DefaultIfEmpty().Max();
        var stable = split.Shares[0].Revision;
        return percent == 0 ? null : new SplitFloor
        {
            Percent = percent,
            Http = Known(stable, Ports.RevisionHttp, before?.Http) ?? Named(stable, Ports.RevisionHttp),
            Grpc = Known(stable, Ports.ServiceGrpc, before?.Grpc) ?? Named(stable, Ports.ServiceGrpc),
        };
    }

    OutputTolerance[] Tolerances() =>
    [
        .. (service.Spec.Rollout?.Gates ?? []).Select(static g => g.Agreement).OfType<AgreementGate>()
            .Where(static a => a.Tolerance is not null || a.AbsoluteTolerance is not null)
            .Select(static a => new OutputTolerance { Output = a.Output, Relative = a.Tolerance, Absolute = a.AbsoluteTolerance }),
    ];

    /// <summary>Every candidate deals its users anew: those who had the last one are not always the first.</summary>
    SplitAssignment? Assignment() =>
        service.Spec.Rollout?.Assignment is { } wished && split.Shares.Length > 1
            ? new SplitAssignment { Header = wished.Header.ToLowerInvariant(), Salt = split.Shares[1].Revision }
            : null;

    /// <summary>Who allows long requests allows the candidate half of the time, so that stable has the other half to answer.</summary>
    int? Patience() => service.Spec.Predictor.TimeoutSeconds is { } seconds && seconds * 500 > SplitShare.DefaultTimeoutMilliseconds
        ? seconds * 500 : null;

    /// <summary>
    /// The Service's own address: no name has to be looked up on the way of a request. A Service that is gone for a
    /// moment keeps the address that it had.
    /// </summary>
    string? Known(string revision, int port, string? before)
    {
        var found = services.FirstOrDefault(s => s.Metadata.Name == revision)?.Spec?.ClusterIP;
        return IPAddress.TryParse(found, out var address) ? new IPEndPoint(address, port).ToString() : before;
    }

    /// <summary>Stands for an address where one is needed and none is known yet.</summary>
    string Named(string revision, int port) => $"{revision}.{service.Metadata.Namespace}.svc.cluster.local:{port}";
}
