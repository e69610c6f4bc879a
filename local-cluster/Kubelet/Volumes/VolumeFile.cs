namespace Sluice.LocalCluster.Kubelet.Volumes;

/// <summary>One file of a volume; its path is relative to the volume and may hold folders.</summary>
internal sealed record VolumeFile(string Path, byte[] Content, UnixFileMode Mode);

/// <summary>A volume cannot be made; the message is what <c>kubectl describe</c> shows under FailedMount.</summary>
internal sealed class MountException(string message) : Exception(message);
