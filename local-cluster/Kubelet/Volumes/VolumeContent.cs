using System.Text;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Containers;

namespace Sluice.LocalCluster.Kubelet.Volumes;

/// <summary>What the volumes that are made from objects hold; pure.</summary>
internal static class VolumeContent
{
    private const int DefaultMode = 0x1a4; // 0644

    internal static bool IsRendered(Volume volume) =>
        (volume.ConfigMap ?? volume.Secret ?? volume.Projected ?? (object?)volume.DownwardAPI) is not null;

    /// <summary>What the volume refers to, so that it can be fetched first.</summary>
    internal static void Collect(Volume volume, ConfigReferences references)
    {
        Add(references.ConfigMaps, volume.ConfigMap?.Name);
        Add(references.Secrets, volume.Secret?.SecretName);
        foreach (var source in volume.Projected?.Sources ?? [])
        {
            Add(references.ConfigMaps, source.ConfigMap?.Name);
            Add(references.Secrets, source.Secret?.Name);
        }
    }

    /// <exception cref="MountException">A reference that is not optional leads nowhere.</exception>
    /// <exception cref="ContainerConfigException">A field or resource that the downward API does not know.</exception>
    internal static IReadOnlyList<VolumeFile> Render(Volume volume, Pod pod, ConfigData data, PodPlace place)
    {
        if (volume.ConfigMap is { } map)
            return Keys(ConfigMap(map.Name, map.Items, map.Optional), pod, data, map.DefaultMode);
        if (volume.Secret is { } secret)
            return Keys(Secret(secret.SecretName, secret.Items, secret.Optional), pod, data, secret.DefaultMode);
        if (volume.DownwardAPI is { } downward)
            return Downward(downward, downward.DefaultMode, pod, place);
        var mode = volume.Projected?.DefaultMode;
        return [.. (volume.Projected?.Sources ?? []).SelectMany(s => Projection(s, mode, pod, data, place))];
    }

    private static List<VolumeFile> Projection(
        VolumeProjection source, int? mode, Pod pod, ConfigData data, PodPlace place)
    {
        if (source.ConfigMap is { } map)
            return Keys(ConfigMap(map.Name, map.Items, map.Optional), pod, data, mode);
        if (source.Secret is { } secret)
            return Keys(Secret(secret.Name, secret.Items, secret.Optional), pod, data, mode);
        if (source.DownwardAPI is { } downward)
            return Downward(downward, mode, pod, place);
        throw new MountException(
            "a projected serviceAccountToken is not offered by the local cluster: set automountServiceAccountToken: false");
    }

    private sealed record Source(string Kind, string Name, IReadOnlyList<KeyToPath>? Items, bool Optional);

    private static Source ConfigMap(string? name, IReadOnlyList<KeyToPath>? items, bool? optional) =>
        new("configmap", name ?? "", items, optional == true);

    private static Source Secret(string? name, IReadOnlyList<KeyToPath>? items, bool? optional) =>
        new("secret", name ?? "", items, optional == true);

    private static List<VolumeFile> Keys(Source source, Pod pod, ConfigData data, int? mode)
    {
        var objects = source.Kind == "configmap" ? data.ConfigMaps : data.Secrets;
        if (!objects.TryGetValue(source.Name, out var content))
            return source.Optional ? [] : throw new MountException($"{source.Kind} \"{source.Name}\" not found");
        if (source.Items is not { Count: > 0 } items)
            return [.. content.Select(pair => File(pair.Key, pair.Value, null, mode))];
        var files = new List<VolumeFile>();
        foreach (var item in items)
        {
            if (content.TryGetValue(item.Key, out var value))
                files.Add(File(item.Path, value, item.Mode, mode));
            else if (!source.Optional)
                throw new MountException(
                    $"{source.Kind} {pod.Metadata.Namespace}/{source.Name} references non-existent key: {item.Key}");
        }
        return files;
    }

    private static List<VolumeFile> Downward(DownwardApiVolumeSource source, int? mode, Pod pod, PodPlace place) =>
        [.. (source.Items ?? []).Select(item => File(
            item.Path,
            Encoding.UTF8.GetBytes(item.FieldRef is { } field
                ? PodFields.Field(pod, field.FieldPath, place.PodIp, place.HostIp)
                : PodFields.Resource(pod, null, item.ResourceFieldRef!, place.Machine)),
            item.Mode,
            mode))];

    private static VolumeFile File(string path, byte[] content, int? mode, int? defaultMode)
    {
        if (path.StartsWith('/') || path.Split('/').Contains(".."))
            throw new MountException($"path {path} must be relative and hold no '..'");
        return new VolumeFile(path, content, (UnixFileMode)(mode ?? defaultMode ?? DefaultMode));
    }

    private static void Add(HashSet<string> names, string? name)
    {
        if (!string.IsNullOrEmpty(name))
            names.Add(name);
    }
}
