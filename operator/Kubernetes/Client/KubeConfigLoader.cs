using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Kubernetes.Client;

/// <summary>Finds the configuration: which files, in which order, or the pod's own account.</summary>
internal static class KubeConfigLoader
{
    public static KubeConfig FromEnvironment(string? path, string? context, KubeEnvironment environment)
    {
        if (!string.IsNullOrEmpty(path))
            return KubeConfigFiles.Load([path], mustExist: true).Resolve(context);
        if (environment.Variable("KUBECONFIG") is { Length: > 0 } list)
        {
            var files = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
            return KubeConfigFiles.Load(files, mustExist: false).Resolve(context);
        }

        if (context is null && InCluster(environment) is { } account)
            return account;
        var home = Path.Combine(environment.Home, ".kube", "config");
        if (File.Exists(home))
            return KubeConfigFiles.Load([home], mustExist: true).Resolve(context);
        throw new KubeConfigException(
            $"No Kubernetes configuration: --kubeconfig and $KUBECONFIG are not set, this is not a pod, and {home} does not exist. "
            + "Set KUBECONFIG to a kubeconfig file.");
    }

    private static KubeConfig? InCluster(KubeEnvironment environment)
    {
        var host = environment.Variable("KUBERNETES_SERVICE_HOST");
        var port = environment.Variable("KUBERNETES_SERVICE_PORT");
        var token = Path.Combine(environment.AccountFolder, "token");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(token))
            return null;
        var ns = Path.Combine(environment.AccountFolder, "namespace");
        return new KubeConfig
        {
            Server = new Uri(host.Contains(':') ? $"https://[{host}]:{port}" : $"https://{host}:{port}"),
            Namespace = File.Exists(ns) ? File.ReadAllText(ns).Trim() : "default",
            CertificateAuthorities = Authorities(Path.Combine(environment.AccountFolder, "ca.crt")),
            Credentials = new Credentials { TokenFile = token },
        };
    }

    private static X509Certificate2Collection Authorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
            return authorities;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{path}: the cluster's certificate authority cannot be read: {e.Message}", e);
        }
    }
}
