using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Workloads;
using Endpoint = Sluice.Kubernetes.Model.Endpoint;

namespace Sluice.LocalCluster.Controllers.Services;

/// <summary>The EndpointSlices of a Service; pure.</summary>
internal static class EndpointSlices
{
    internal const int MostEndpoints = 100;
    internal const string ManagedBy = "endpointslice.kubernetes.io/managed-by";
    internal const string Manager = "endpointslice-controller.k8s.io";

    /// <summary>
    /// One slice for the pods that have the same numbers behind the port names, which is one in all but rare cases, and
    /// another for each hundred of them. A Service without pods has an empty slice.
    /// </summary>
    internal static IReadOnlyList<EndpointSlice> Build(Service service, IEnumerable<Pod> pods)
    {
        var chosen = pods.Where(pod => Selects(service, pod) && !PodState.IsTerminal(pod) && pod.Status?.PodIP is { Length: > 0 })
            .OrderBy(pod => pod.Metadata.CreationTimestamp).ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal);
        var groups = chosen.GroupBy(pod => PortsKey(service, pod)).OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => group.Chunk(MostEndpoints))
            .Select(chunk => (Ports: Ports(service, chunk[0]), Endpoints: chunk.Select(pod => Endpoint(service, pod)).ToList()))
            .ToList();
        if (groups.Count == 0)
            groups.Add(([], []));
        return [.. groups.Select((group, index) => Slice(service, index, group.Ports, group.Endpoints))];
    }

    internal static bool Selects(Service service, Pod pod) =>
        service.Spec?.Selector is { Count: > 0 } selector && service.Metadata.Namespace == pod.Metadata.Namespace
        && selector.All(pair => pod.Metadata.Label(pair.Key) == pair.Value);

    private static EndpointSlice Slice(Service service, int index, IReadOnlyList<EndpointPort> ports, IReadOnlyList<Endpoint> endpoints) => new()
    {
        Metadata = new ObjectMeta
        {
            // Names follow from the Service, so that a pass that was cut short is simply made again.
            Name = $"{service.Metadata.Name}-{Names.Encode(Names.Hash($"{service.Metadata.Uid}/{index}"))}",
            Namespace = service.Metadata.Namespace,
            Labels = new Dictionary<string, string>(Inherited(service))
            {
                [EndpointSlice.ServiceNameLabel] = service.Metadata.Name!,
                [ManagedBy] = Manager,
            },
            OwnerReferences = [OwnerReference.ToController(service)],
        },
        AddressType = "IPv4",
        Ports = ports,
        Endpoints = endpoints,
    };

    private static Dictionary<string, string> Inherited(Service service)
    {
        var labels = new Dictionary<string, string>(service.Metadata.Labels ?? new Dictionary<string, string>());
        if (service.Spec?.ClusterIP == "None")
            labels["service.kubernetes.io/headless"] = "";
        return labels;
    }

    private static Endpoint Endpoint(Service service, Pod pod)
    {
        var terminating = pod.Metadata.DeletionTimestamp is not null;
        var serving = PodState.IsReady(pod);
        return new Endpoint
        {
            Addresses = [pod.Status!.PodIP!],
            Conditions = new EndpointConditions
            {
                Ready = service.Spec?.PublishNotReadyAddresses == true || (serving && !terminating),
                Serving = serving,
                Terminating = terminating,
            },
            NodeName = pod.Spec?.NodeName,
            TargetRef = new ObjectReference
            {
                Kind = "Pod",
                Namespace = pod.Metadata.Namespace,
                Name = pod.Metadata.Name,
                Uid = pod.Metadata.Uid,
            },
        };
    }

    private static IReadOnlyList<EndpointPort> Ports(Service service, Pod pod) =>
        [.. (service.Spec?.Ports ?? []).Select(port => (Port: port, Number: Number(port, pod))).Where(p => p.Number is not null)
            .Select(p => new EndpointPort
            {
                Name = p.Port.Name ?? "",
                Port = p.Number,
                Protocol = p.Port.Protocol ?? "TCP",
                AppProtocol = p.Port.AppProtocol,
            })];

    private static string PortsKey(Service service, Pod pod) =>
        string.Join(',', Ports(service, pod).Select(port => $"{port.Name}={port.Port}"));

    // A name that the pod does not have leaves the port out for that pod.
    private static int? Number(ServicePort port, Pod pod)
    {
        if (port.TargetPort is not { } target)
            return port.Port;
        if (target.IsNumber)
            return target.Number == 0 ? port.Port : target.Number;
        return (pod.Spec?.Containers ?? []).Concat((pod.Spec?.InitContainers ?? []).Where(c => c.RestartPolicy == "Always"))
            .SelectMany(container => container.Ports ?? [])
            .FirstOrDefault(p => p.Name == target.Text && (p.Protocol ?? "TCP") == (port.Protocol ?? "TCP"))?.Number;
    }
}
