using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Processes;

namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>
/// A container's spec turned into a process on this machine. Not carried over, because an ordinary process cannot have
/// them: the user and capabilities of securityContext, a read-only root and CPU limits.
/// </summary>
/// <param name="Main">The container's own process.</param>
/// <param name="Rewriting">For the commands of probes and hooks.</param>
internal sealed record ContainerSetup(ProcessSpec Main, HostRewriting Rewriting)
{
    // What an image would bring: where programs and certificates lie on this machine.
    private static readonly string[] FromHost = ["PATH", "LANG", "TZ", "DOTNET_ROOT", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    /// <summary>A process in the container, such as an exec probe.</summary>
    internal ProcessSpec Exec(IReadOnlyList<string> command) =>
        Main with { Arguments = [.. command.Select(Rewriting.Apply)] };

    /// <exception cref="ContainerConfigException">A reference that is not optional leads nowhere.</exception>
    internal static ContainerSetup Build(
        Pod pod, Container container, string program, ConfigData data, PodPlace place,
        IEnumerable<Service> services, PodFolders folders, Dictionary<string, string> mounts)
    {
        var paths = new Dictionary<string, string>(mounts)
        {
            [container.TerminationMessagePath ?? TerminationMessage.DefaultPath] = folders.TerminationLog(container.Name),
        };
        var rewriting = new HostRewriting(paths, place.PodIp);
        var variables = ServiceVariables.For(pod, services);
        var image = ImageVariables(pod, container, place, folders, mounts);
        foreach (var (name, value) in image)
            variables[name] = value;
        var environment = ContainerEnvironment.Build(pod, container, variables, data, place);
        var arguments = ImageMap.Arguments(
            program, Expanded(container.Command, environment), Expanded(container.Args, environment));
        return new ContainerSetup(
            new ProcessSpec(
                [arguments[0], .. arguments.Skip(1).Select(rewriting.Apply)],
                environment.ToDictionary(
                    pair => pair.Key,
                    pair => image.TryGetValue(pair.Key, out var ours) && ours == pair.Value ? ours : rewriting.Apply(pair.Value)),
                WorkingDirectory(container, rewriting, folders)),
            rewriting);
    }

    /// <summary>
    /// Paths among them are the host's already: rewritten, one below the host's /tmp would be looked for in the volume
    /// that a pod mounts there.
    /// </summary>
    private static Dictionary<string, string> ImageVariables(
        Pod pod, Container container, PodPlace place, PodFolders folders, Dictionary<string, string> mounts)
    {
        var variables = new Dictionary<string, string>();
        foreach (var name in FromHost)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                variables[name] = value;
        }
        variables["HOME"] = folders.Work(container.Name);
        variables["TMPDIR"] = mounts.GetValueOrDefault("/tmp") ?? folders.Temporary(container.Name);
        variables["HOSTNAME"] = pod.Spec?.Hostname ?? pod.Metadata.Name!;
        variables["POD_IP"] = place.PodIp;
        variables["SLUICE_BIND"] = place.PodIp;
        variables["SLUICE_TERMINATION_LOG"] = folders.TerminationLog(container.Name);
        return variables;
    }

    // A folder of the image is not there; the container's own one takes its place.
    private static string WorkingDirectory(Container container, HostRewriting rewriting, PodFolders folders) =>
        container.WorkingDir is { Length: > 0 } wanted && rewriting.Apply(wanted) is var path && Directory.Exists(path)
            ? path
            : folders.Work(container.Name);

    private static IReadOnlyList<string>? Expanded(
        IReadOnlyList<string>? arguments, Dictionary<string, string> variables) =>
        arguments is null ? null : [.. arguments.Select(a => VariableExpansion.Expand(a, variables))];
}
