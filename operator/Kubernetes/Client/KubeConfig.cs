using System.Security.Cryptography.X509Certificates;

namespace Sluice.Kubernetes.Client;

/// <summary>Where an API server is and who we are to it: one context of a kubeconfig, or the pod's own account.</summary>
public sealed record KubeConfig
{
    public required Uri Server { get; init; }

    /// <summary>The context's namespace, <c>default</c> when it names none.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Authorities to trust; null means those of the machine.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    public bool SkipTlsVerify { get; init; }

    /// <summary>The name the server's certificate must carry when it is not the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    public Uri? Proxy { get; init; }

    public Credentials Credentials { get; init; } = Credentials.None;

    /// <summary>
    /// Loads what a person on this machine would get from kubectl, and inside a pod the pod's account: an explicit
    /// <paramref name="path"/>, then <c>$KUBECONFIG</c>, then the pod's account, then <c>~/.kube/config</c>.
    /// </summary>
    /// <exception cref="KubeConfigException">Nothing was found, or what was found is wrong; says where and what to do.</exception>
    public static KubeConfig Load(string? path = null, string? context = null) =>
        KubeConfigLoader.FromEnvironment(path, context, KubeEnvironment.OfProcess());
}

/// <summary>A kubeconfig that cannot be used; the message names the file, the key and what to do.</summary>
public sealed class KubeConfigException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>How requests prove who sends them. At most one way per kind is set.</summary>
public sealed record Credentials
{
    public static readonly Credentials None = new();

    public string? Token { get; init; }

    /// <summary>Read again every minute, because projected tokens rotate.</summary>
    public string? TokenFile { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    public X509Certificate2? ClientCertificate { get; init; }

    public ExecPlugin? Exec { get; init; }

    /// <summary>Secrets do not belong in logs.</summary>
    public override string ToString() => nameof(Credentials);
}

/// <summary>A program that prints credentials (client.authentication.k8s.io).</summary>
public sealed record ExecPlugin
{
    public required string ApiVersion { get; init; }

    public required string Command { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? InstallHint { get; init; }

    /// <summary>The plugin wants the cluster's address and authority in <c>KUBERNETES_EXEC_INFO</c>.</summary>
    public bool ProvideClusterInfo { get; init; }
}
