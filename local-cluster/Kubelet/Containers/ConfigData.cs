namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>The ConfigMaps and Secrets that a pod refers to, as bytes by key; a missing object has no entry.</summary>
internal sealed class ConfigData
{
    internal Dictionary<string, IReadOnlyDictionary<string, byte[]>> ConfigMaps { get; } = [];

    internal Dictionary<string, IReadOnlyDictionary<string, byte[]>> Secrets { get; } = [];
}

/// <summary>The names of the ConfigMaps and Secrets that something refers to.</summary>
internal sealed class ConfigReferences
{
    internal HashSet<string> ConfigMaps { get; } = [];

    internal HashSet<string> Secrets { get; } = [];
}

/// <summary>A container's configuration cannot be made; the message is shown under CreateContainerConfigError.</summary>
internal sealed class ContainerConfigException(string message) : Exception(message);
