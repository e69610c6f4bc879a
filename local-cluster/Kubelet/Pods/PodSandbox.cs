using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Containers;
using Sluice.LocalCluster.Kubelet.Volumes;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>A pod's address and volumes.</summary>
internal sealed class PodSandbox
{
    /// <summary>How often volumes follow their objects when nothing in the pod changes; the kubelet's default.</summary>
    internal static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RefreshFailedEvery = TimeSpan.FromSeconds(10);

    private readonly KubeletContext _context;
    private readonly PodVolumes _volumes;
    private readonly ConfigReader _config;
    private Pod? _rendered;

    internal PodSandbox(KubeletContext context, string podUid)
    {
        _context = context;
        _config = new ConfigReader(context.Client);
        Folders = new PodFolders(context.StateFolder, podUid);
        _volumes = new PodVolumes(Folders.Pod, Folders.Claims, context.Images);
        Place = new PodPlace(context.Addresses.Take(), context.Node.Ip, context.Node.Capacity);
    }

    internal PodFolders Folders { get; }

    internal PodPlace Place { get; }

    internal bool IsReady => _rendered is not null;

    /// <summary>When the volumes are looked at again by themselves.</summary>
    internal DateTimeOffset NextRefresh { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Makes the volumes; later brings them up to date, at once when labels or annotations of the pod changed.</summary>
    /// <exception cref="MountException">One cannot be made.</exception>
    internal async Task RefreshAsync(Pod pod, CancellationToken cancel)
    {
        var now = _context.Time.GetUtcNow();
        if (now < NextRefresh && _rendered is not null && SameMetadata(_rendered, pod))
            return;
        // Set first: a failure must not be tried again before its time either.
        NextRefresh = now + RefreshFailedEvery;
        _volumes.Write(pod, await _config.ReadAsync(pod, cancel), Place);
        _rendered = pod;
        NextRefresh = now + RefreshEvery;
    }

    /// <summary>An image that the container mounts and cannot have, and what to do; null when there is none.</summary>
    internal (string Image, string Problem)? ImageProblem(Pod pod, Container container) => _volumes.ImageProblem(pod, container);

    /// <summary>The process for a container, with its configuration as it is now.</summary>
    /// <exception cref="ContainerConfigException">A reference leads nowhere.</exception>
    internal async Task<ContainerSetup> SetUpAsync(Pod pod, Container container, string program, CancellationToken cancel)
    {
        Directory.CreateDirectory(Folders.Work(container.Name));
        Directory.CreateDirectory(Folders.Temporary(container.Name));
        await File.WriteAllBytesAsync(Folders.TerminationLog(container.Name), [], cancel);
        var data = await _config.ReadAsync(pod, cancel);
        return ContainerSetup.Build(pod, container, program, data, Place, _context.Services(), Folders, _volumes.Mounts(pod, container));
    }

    /// <summary>Gives the address back and removes the pod's files, logs included.</summary>
    internal void Release()
    {
        _context.Addresses.Release(Place.PodIp);
        try
        {
            if (Directory.Exists(Folders.Pod))
                Directory.Delete(Folders.Pod, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _context.Log.CleanupFailed(e, Folders.Pod);
        }
    }

    private static bool SameMetadata(Pod a, Pod b) =>
        Same(a.Metadata.Labels, b.Metadata.Labels) && Same(a.Metadata.Annotations, b.Metadata.Annotations);

    private static bool Same(IReadOnlyDictionary<string, string>? a, IReadOnlyDictionary<string, string>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a ?? new Dictionary<string, string>())
            .All(pair => b!.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
