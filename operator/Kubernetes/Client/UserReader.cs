using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Kubernetes.Client;

/// <summary>The user of a kubeconfig: credentials.</summary>
internal static class UserReader
{
    private static readonly string[] ExecVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    public static Credentials Read(ConfigSection user)
    {
        if (user.Member("auth-provider") is not null)
        {
            throw user.Wrong("auth-provider",
                "is not supported, kubectl dropped it in 1.26; use the provider's exec plugin instead");
        }

        return new Credentials
        {
            Exec = user.Member("exec") is { } exec ? Plugin(exec) : null,
            // A token file beats an inline token, as in kubectl.
            TokenFile = user.Text("tokenFile") is { } file ? user.FullPath(file) : null,
            Token = user.Text("token"),
            Username = user.Text("username"),
            Password = user.Text("password"),
            ClientCertificate = Certificate(user),
        };
    }

    private static X509Certificate2? Certificate(ConfigSection user)
    {
        var certificate = ClusterReader.Pem(user, "client-certificate");
        var key = ClusterReader.Pem(user, "client-key");
        switch (certificate, key)
        {
            case (null, null):
                return null;
            case (null, _):
                throw user.Wrong("client-certificate", "is missing although there is a client-key; both are needed");
            case (_, null):
                throw user.Wrong("client-key", "is missing although there is a client-certificate; both are needed");
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw user.Wrong("client-certificate", $"and client-key do not make a pair in PEM form: {e.Message}", e);
        }
    }

    private static ExecPlugin Plugin(ConfigSection exec)
    {
        var version = exec.Required("apiVersion");
        if (!ExecVersions.Contains(version, StringComparer.Ordinal))
            throw exec.Wrong("apiVersion", $"is '{version}'; supported are {string.Join(" and ", ExecVersions)}");
        if (exec.Text("interactiveMode") == "Always")
            throw exec.Wrong("interactiveMode", "is Always, but there is nobody to ask; use IfAvailable or Never");
        var command = exec.Required("command");
        return new ExecPlugin
        {
            ApiVersion = version,
            // A name without a slash is looked up in PATH, anything else is a path relative to the file.
            Command = command.Contains('/') ? exec.FullPath(command) : command,
            Arguments = [.. exec.Texts("args")],
            Environment = exec.Items("env").ToDictionary(e => e.Required("name"), e => e.Text("value") ?? ""),
            InstallHint = exec.Text("installHint"),
            ProvideClusterInfo = exec.Flag("provideClusterInfo"),
        };
    }
}
