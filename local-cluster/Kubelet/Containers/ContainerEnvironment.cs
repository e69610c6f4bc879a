using System.Text;
using System.Text.RegularExpressions;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>Where a pod runs, as its containers may ask.</summary>
/// <param name="PodIp">The pod's loopback address.</param>
/// <param name="HostIp">The node's address.</param>
/// <param name="Machine">What the machine has: <c>cpu</c> in cores, <c>memory</c> and <c>ephemeral-storage</c> in bytes.</param>
internal sealed record PodPlace(string PodIp, string HostIp, IReadOnlyDictionary<string, decimal> Machine);

/// <summary>Builds the environment that a container's spec asks for; pure.</summary>
internal static partial class ContainerEnvironment
{
    /// <summary>What the environment refers to, so that it can be fetched first.</summary>
    internal static void Collect(Container container, ConfigReferences references)
    {
        foreach (var source in container.EnvFrom ?? [])
        {
            Add(references.ConfigMaps, source.ConfigMapRef?.Name);
            Add(references.Secrets, source.SecretRef?.Name);
        }
        foreach (var variable in container.Env ?? [])
        {
            Add(references.ConfigMaps, variable.ValueFrom?.ConfigMapKeyRef?.Name);
            Add(references.Secrets, variable.ValueFrom?.SecretKeyRef?.Name);
        }
    }

    /// <param name="pod">The pod.</param>
    /// <param name="container">One of its containers.</param>
    /// <param name="initial">What is there before envFrom and env: service variables, and what the image would set.</param>
    /// <param name="data">What <see cref="Collect"/> named.</param>
    /// <param name="place">Where the pod runs.</param>
    /// <exception cref="ContainerConfigException">A reference that is not optional leads nowhere.</exception>
    internal static Dictionary<string, string> Build(
        Pod pod, Container container, IReadOnlyDictionary<string, string> initial, ConfigData data, PodPlace place)
    {
        var result = new Dictionary<string, string>(initial);
        foreach (var source in container.EnvFrom ?? [])
            AddAll(result, source, data);
        foreach (var variable in container.Env ?? [])
        {
            if (variable.ValueFrom is null)
                result[variable.Name] = VariableExpansion.Expand(variable.Value ?? "", result);
            else if (Value(pod, container, variable.ValueFrom, data, place) is { } value)
                result[variable.Name] = value;
        }
        return result;
    }

    private static void AddAll(Dictionary<string, string> result, EnvFromSource source, ConfigData data)
    {
        var (reference, objects, kind) = source.ConfigMapRef is { } map
            ? (map, data.ConfigMaps, "configmap")
            : (source.SecretRef ?? new EnvFromReference { Optional = true }, data.Secrets, "secret");
        if (objects.TryGetValue(reference.Name ?? "", out var content))
        {
            // A key that cannot name a variable is left out, as the kubelet does.
            foreach (var (key, value) in content.Where(pair => VariableName().IsMatch(pair.Key)))
                result[source.Prefix + key] = Encoding.UTF8.GetString(value);
        }
        else if (reference.Optional != true)
        {
            throw new ContainerConfigException($"{kind} \"{reference.Name}\" not found");
        }
    }

    private static string? Value(Pod pod, Container container, EnvVarSource source, ConfigData data, PodPlace place)
    {
        if (source.FieldRef is { } field)
            return PodFields.Field(pod, field.FieldPath, place.PodIp, place.HostIp);
        if (source.ResourceFieldRef is { } resource)
            return PodFields.Resource(pod, container.Name, resource, place.Machine);
        if (source.ConfigMapKeyRef is { } map)
            return Key(pod, map, data.ConfigMaps, "ConfigMap");
        if (source.SecretKeyRef is { } secret)
            return Key(pod, secret, data.Secrets, "Secret");
        throw new ContainerConfigException("valueFrom names no source that is known here");
    }

    private static string? Key(
        Pod pod, KeySelector selector, Dictionary<string, IReadOnlyDictionary<string, byte[]>> objects, string kind)
    {
        if (!objects.TryGetValue(selector.Name ?? "", out var content))
        {
            return selector.Optional == true
                ? null
                : throw new ContainerConfigException($"{kind.ToLowerInvariant()} \"{selector.Name}\" not found");
        }
        if (content.TryGetValue(selector.Key, out var value))
            return Encoding.UTF8.GetString(value);
        return selector.Optional == true
            ? null
            : throw new ContainerConfigException(
                $"couldn't find key {selector.Key} in {kind} {pod.Metadata.Namespace}/{selector.Name}");
    }

    private static void Add(HashSet<string> names, string? name)
    {
        if (!string.IsNullOrEmpty(name))
            names.Add(name);
    }

    [GeneratedRegex("^[-._a-zA-Z][-._a-zA-Z0-9]*$")]
    private static partial Regex VariableName();
}
