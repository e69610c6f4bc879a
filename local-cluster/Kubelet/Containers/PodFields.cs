using System.Globalization;
using System.Text;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>The values of the downward API: fields of the pod and the resources of its containers.</summary>
internal static class PodFields
{
    /// <exception cref="ContainerConfigException">The path is none that the downward API knows.</exception>
    internal static string Field(Pod pod, string path, string podIp, string hostIp)
    {
        if (Subscript(path, "metadata.labels") is { } label)
            return pod.Metadata.Label(label) ?? "";
        if (Subscript(path, "metadata.annotations") is { } annotation)
            return pod.Metadata.Annotation(annotation) ?? "";
        return path switch
        {
            "metadata.name" => pod.Metadata.Name ?? "",
            "metadata.namespace" => pod.Metadata.Namespace ?? "",
            "metadata.uid" => pod.Metadata.Uid ?? "",
            "metadata.labels" => Lines(pod.Metadata.Labels),
            "metadata.annotations" => Lines(pod.Metadata.Annotations),
            "spec.nodeName" => pod.Spec?.NodeName ?? "",
            "spec.serviceAccountName" => pod.Spec?.ServiceAccountName ?? "default",
            "status.podIP" or "status.podIPs" => podIp,
            "status.hostIP" or "status.hostIPs" => hostIp,
            _ => throw new ContainerConfigException($"field label not supported: {path}"),
        };
    }

    /// <summary>A resource divided by the divisor and rounded up; a missing limit is what the machine has.</summary>
    /// <exception cref="ContainerConfigException">No such container or resource.</exception>
    internal static string Resource(
        Pod pod, string? ownContainer, ResourceFieldSelector selector, IReadOnlyDictionary<string, decimal> machine)
    {
        var name = selector.ContainerName ?? ownContainer;
        var container = (pod.Spec?.Containers ?? []).Concat(pod.Spec?.InitContainers ?? [])
            .FirstOrDefault(c => c.Name == name)
            ?? throw new ContainerConfigException($"container {name} not found");
        var dot = selector.Resource.IndexOf('.');
        var (family, resource) = dot < 0
            ? throw new ContainerConfigException($"unsupported container resource : {selector.Resource}")
            : (selector.Resource[..dot], selector.Resource[(dot + 1)..]);
        var declared = family == "limits" ? container.Resources?.Limits : container.Resources?.Requests;
        var value = declared is not null && declared.TryGetValue(resource, out var quantity) ? quantity.ToDecimal()
            : family == "limits" ? machine.GetValueOrDefault(resource) : 0;
        var divisor = selector.Divisor is { Text.Length: > 0 } d && d.ToDecimal() > 0 ? d.ToDecimal() : 1;
        return Math.Ceiling(value / divisor).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The form of a labels file: one <c>key="value"</c> a line, sorted.</summary>
    private static string Lines(IReadOnlyDictionary<string, string>? pairs)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in (pairs ?? new Dictionary<string, string>()).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (text.Length > 0)
                text.Append('\n');
            var quoted = value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
            text.Append(key).Append("=\"").Append(quoted).Append('"');
        }
        return text.ToString();
    }

    private static string? Subscript(string path, string map) =>
        path.StartsWith(map + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal)
            ? path[(map.Length + 2)..^2]
            : null;
}
