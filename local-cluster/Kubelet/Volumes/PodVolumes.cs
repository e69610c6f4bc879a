using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Containers;

namespace Sluice.LocalCluster.Kubelet.Volumes;

/// <summary>
/// A pod's volumes as folders: emptyDir and rendered ones below the pod's folder, claims in
/// <c>STATE/volumes/NAMESPACE/CLAIM</c>, hostPath where it says, images where --image says.
/// </summary>
/// <param name="podFolder">Of the pod alone.</param>
/// <param name="claimsFolder">Of all claims.</param>
/// <param name="images">Folders that stand for the images of image volumes.</param>
internal sealed class PodVolumes(string podFolder, string claimsFolder, ImageMap images)
{
    /// <summary>The folder, or for hostPath also the file, that stands for a volume.</summary>
    internal string HostPath(Pod pod, Volume volume) =>
        volume.PersistentVolumeClaim is { } claim
            ? Path.Combine(claimsFolder, pod.Metadata.Namespace!, claim.ClaimName)
            : volume.Image is { } image ? images.Find(image.Reference ?? "") ?? ""
            : volume.HostPath?.Path ?? Path.Combine(podFolder, "volumes", volume.Name);

    /// <summary>Makes every volume, or brings the rendered ones up to date.</summary>
    /// <exception cref="MountException">One cannot be made; the message names it.</exception>
    internal void Write(Pod pod, ConfigData data, PodPlace place)
    {
        foreach (var volume in pod.Spec?.Volumes ?? [])
        {
            try
            {
                Write(pod, volume, data, place);
            }
            catch (Exception e) when (e is MountException or ContainerConfigException or IOException)
            {
                throw new MountException($"MountVolume.SetUp failed for volume \"{volume.Name}\" : {e.Message}");
            }
        }
    }

    /// <summary>From each mountPath of the container to the folder or file on the host.</summary>
    internal Dictionary<string, string> Mounts(Pod pod, Container container)
    {
        var volumes = (pod.Spec?.Volumes ?? []).ToDictionary(v => v.Name);
        var result = new Dictionary<string, string>();
        foreach (var mount in container.VolumeMounts ?? [])
        {
            if (!volumes.TryGetValue(mount.Name, out var volume))
                throw new ContainerConfigException($"volumeMount \"{mount.Name}\" names no volume of the pod");
            var path = HostPath(pod, volume);
            result[mount.MountPath.TrimEnd('/')] = mount.SubPath is { Length: > 0 } sub ? Path.Combine(path, sub) : path;
        }
        return result;
    }

    /// <summary>The image among the container's mounts that cannot be had, and what to do; null when there is none.</summary>
    internal (string Image, string Problem)? ImageProblem(Pod pod, Container container)
    {
        var mounted = (container.VolumeMounts ?? []).Select(static m => m.Name).ToHashSet();
        return (pod.Spec?.Volumes ?? []).Where(v => v.Image is not null && mounted.Contains(v.Name))
            .Select(v => v.Image!.Reference ?? "")
            .Select(image => (image, images.FolderProblem(image)))
            .FirstOrDefault(static found => found.Item2 is not null) is (var unknown, { } problem) ? (unknown, problem) : null;
    }

    private void Write(Pod pod, Volume volume, ConfigData data, PodPlace place)
    {
        var path = HostPath(pod, volume);
        if (VolumeContent.IsRendered(volume))
            AtomicFolder.Write(path, VolumeContent.Render(volume, pod, data, place));
        else if (volume.EmptyDir is not null || volume.PersistentVolumeClaim is not null)
            Directory.CreateDirectory(path);
        else if (volume.HostPath is { } host)
            PrepareHostPath(host);
        else if (volume.Image is null)
            throw new MountException("the local cluster has emptyDir, configMap, secret, projected, downwardAPI, "
                + "persistentVolumeClaim, hostPath and image volumes, and this is none of them");
    }

    private static void PrepareHostPath(HostPathVolumeSource source)
    {
        if (source.Type == "DirectoryOrCreate")
            Directory.CreateDirectory(source.Path);
        else if (source.Type == "FileOrCreate" && !File.Exists(source.Path))
            File.Create(source.Path).Dispose();
        var found = source.Type switch
        {
            "Directory" => Directory.Exists(source.Path),
            "File" => File.Exists(source.Path),
            _ => true,
        };
        if (!found)
            throw new MountException($"hostPath type check failed: {source.Path} is not a {source.Type}");
    }
}
