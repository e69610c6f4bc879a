namespace Sluice.Kubernetes.Client;

/// <summary>
/// One or more kubeconfig files, merged as kubectl merges them: the first file that names a cluster, a user, a context
/// or the current context wins, and files that do not exist are skipped.
/// </summary>
internal sealed class KubeConfigFiles
{
    private readonly List<ConfigSection> _files;

    private KubeConfigFiles(List<ConfigSection> files) => _files = files;

    public static KubeConfigFiles Load(IReadOnlyList<string> paths, bool mustExist)
    {
        var files = paths.Where(p => mustExist || File.Exists(p)).Select(ConfigSection.ReadFile).ToList();
        return files.Count > 0
            ? new KubeConfigFiles(files)
            : throw new KubeConfigException(
                $"None of the files in $KUBECONFIG exists: {string.Join(", ", paths)}. Correct or unset KUBECONFIG.");
    }

    public KubeConfig Resolve(string? contextName)
    {
        contextName ??= _files.Select(f => f.Text("current-context")).FirstOrDefault(c => !string.IsNullOrEmpty(c))
            ?? throw new KubeConfigException(
                $"{Names}: current-context is not set. Run 'kubectl config use-context NAME' or name a context; there are: {List("contexts")}.");
        var context = Find("contexts", contextName, "context", $"context '{contextName}'");
        var clusterName = context.Required("cluster");
        var cluster = Find("clusters", clusterName, "cluster", $"cluster '{clusterName}' of context '{contextName}'");
        var config = ClusterReader.Read(cluster) with { Namespace = context.Text("namespace") ?? "default" };
        return context.Text("user") is { } userName
            ? config with { Credentials = UserReader.Read(Find("users", userName, "user", $"user '{userName}' of context '{contextName}'")) }
            : config;
    }

    private string Names => string.Join(", ", _files.Select(f => f.File));

    private ConfigSection Find(string list, string name, string member, string what) =>
        _files.SelectMany(f => f.Items(list)).FirstOrDefault(i => i.Text("name") == name)?.Member(member)
        ?? throw new KubeConfigException($"{Names}: there is no {what} under '{list}'; there are: {List(list)}.");

    private string List(string list)
    {
        var names = _files.SelectMany(f => f.Items(list)).Select(i => i.Text("name")).Distinct(StringComparer.Ordinal).ToArray();
        return names.Length == 0 ? "none" : string.Join(", ", names);
    }
}
