using System.Globalization;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary><c>NAME_SERVICE_HOST</c> and its kin for the Services that exist when a container starts.</summary>
internal static class ServiceVariables
{
    internal static Dictionary<string, string> For(Pod pod, IEnumerable<Service> services)
    {
        var result = new Dictionary<string, string>();
        foreach (var service in services)
        {
            var api = service.Metadata is { Namespace: "default", Name: "kubernetes" };
            var linked = pod.Spec?.EnableServiceLinks != false && service.Metadata.Namespace == pod.Metadata.Namespace;
            if ((api || linked) && service.Spec?.ClusterIP is { Length: > 0 } ip and not "None")
                Add(result, service, ip);
        }
        return result;
    }

    private static void Add(Dictionary<string, string> result, Service service, string ip)
    {
        var prefix = service.Metadata.Name!.ToUpperInvariant().Replace('-', '_');
        var ports = service.Spec!.Ports ?? [];
        if (ports.Count == 0)
            return;
        result[$"{prefix}_SERVICE_HOST"] = ip;
        result[$"{prefix}_SERVICE_PORT"] = Text(ports[0].Port);
        foreach (var port in ports.Where(p => !string.IsNullOrEmpty(p.Name)))
            result[$"{prefix}_SERVICE_PORT_{port.Name!.ToUpperInvariant().Replace('-', '_')}"] = Text(port.Port);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
