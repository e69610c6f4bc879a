using System.Net;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Network;

/// <summary>One port of one Service.</summary>
internal readonly record struct FrontAddress(ObjectKey Service, string PortName, IPAddress Address, int Port);

/// <summary>Where the connections to each Service port go; pure.</summary>
internal static class ServiceTable
{
    /// <summary>
    /// Every TCP port of every Service that has an address, with its ready endpoints; with none, the ones that still serve
    /// while they terminate, which kube-proxy also falls back to.
    /// </summary>
    internal static IReadOnlyDictionary<FrontAddress, IReadOnlyList<IPEndPoint>> Build(
        IEnumerable<Service> services, IEnumerable<EndpointSlice> slices)
    {
        var byService = slices.ToLookup(slice =>
            new ObjectKey(slice.Metadata.Namespace ?? "", slice.Metadata.Label(EndpointSlice.ServiceNameLabel) ?? ""));
        var table = new Dictionary<FrontAddress, IReadOnlyList<IPEndPoint>>();
        foreach (var service in services)
        {
            if (!IPAddress.TryParse(service.Spec?.ClusterIP, out var address))
                continue;
            foreach (var port in (service.Spec!.Ports ?? []).Where(port => port.Protocol is null or "TCP"))
            {
                var front = new FrontAddress(service.Key, port.Name ?? "", address, port.Port);
                table[front] = Endpoints(byService[service.Key], front.PortName);
            }
        }
        return table;
    }

    private static IReadOnlyList<IPEndPoint> Endpoints(IEnumerable<EndpointSlice> slices, string portName)
    {
        var all = slices.SelectMany(slice => (slice.Ports ?? []).Where(port => (port.Name ?? "") == portName && port.Port is not null)
            .SelectMany(port => (slice.Endpoints ?? []).Select(endpoint => (endpoint, Port: port.Port!.Value)))).ToList();
        var ready = all.Where(e => e.endpoint.Conditions?.Ready != false).ToList();
        var chosen = ready.Count > 0 ? ready : [.. all.Where(e => e.endpoint.Conditions is { Serving: true, Terminating: true })];
        return [.. chosen.SelectMany(e => (e.endpoint.Addresses ?? []).Select(a => new IPEndPoint(IPAddress.Parse(a), e.Port))).Distinct()];
    }
}
