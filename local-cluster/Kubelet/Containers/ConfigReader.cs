using System.Text;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Volumes;

namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>
/// Fetches the ConfigMaps and Secrets that a pod refers to. Straight from the API and not from an informer: whoever
/// writes a ConfigMap and then bumps an annotation of the pod must find the new content in the volume, and two watches
/// may deliver the two events the other way round.
/// </summary>
internal sealed class ConfigReader(KubeClient client)
{
    internal async Task<ConfigData> ReadAsync(Pod pod, CancellationToken cancel)
    {
        var references = Of(pod);
        var data = new ConfigData();
        foreach (var name in references.ConfigMaps)
        {
            if (await client.FindAsync<ConfigMap>(new ObjectKey(pod.Metadata.Namespace!, name), cancel) is { } map)
                data.ConfigMaps[name] = Content(map);
        }
        foreach (var name in references.Secrets)
        {
            if (await client.FindAsync<Secret>(new ObjectKey(pod.Metadata.Namespace!, name), cancel) is { } secret)
                data.Secrets[name] = secret.Data ?? new Dictionary<string, byte[]>();
        }
        return data;
    }

    internal static ConfigReferences Of(Pod pod)
    {
        var references = new ConfigReferences();
        foreach (var volume in pod.Spec?.Volumes ?? [])
            VolumeContent.Collect(volume, references);
        foreach (var container in (pod.Spec?.InitContainers ?? []).Concat(pod.Spec?.Containers ?? []))
            ContainerEnvironment.Collect(container, references);
        return references;
    }

    private static Dictionary<string, byte[]> Content(ConfigMap map)
    {
        var result = new Dictionary<string, byte[]>(map.BinaryData ?? new Dictionary<string, byte[]>());
        foreach (var (key, text) in map.Data ?? new Dictionary<string, string>())
            result[key] = Encoding.UTF8.GetBytes(text);
        return result;
    }
}
