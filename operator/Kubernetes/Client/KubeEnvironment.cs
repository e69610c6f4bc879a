namespace Sluice.Kubernetes.Client;

/// <summary>What loading a configuration takes from the machine.</summary>
internal sealed record KubeEnvironment(Func<string, string?> Variable, string Home, string AccountFolder)
{
    public static KubeEnvironment OfProcess() => new(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        "/var/run/secrets/kubernetes.io/serviceaccount");
}
