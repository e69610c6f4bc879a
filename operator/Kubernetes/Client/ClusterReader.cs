using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sluice.Kubernetes.Client;

/// <summary>The cluster of a kubeconfig: address and trust.</summary>
internal static class ClusterReader
{
    public static KubeConfig Read(ConfigSection cluster) => new()
    {
        Server = Address(cluster, "server", cluster.Required("server")),
        CertificateAuthorities = Authorities(cluster),
        SkipTlsVerify = cluster.Flag("insecure-skip-tls-verify"),
        TlsServerName = cluster.Text("tls-server-name"),
        Proxy = cluster.Text("proxy-url") is { } proxy ? ProxyAddress(cluster, proxy) : null,
    };

    /// <summary>PEM text given inline as base64 under NAME-data, or in a file under NAME; inline wins, as in kubectl.</summary>
    public static string? Pem(ConfigSection section, string name)
    {
        var inline = name + "-data";
        if (section.Text(inline) is { } data)
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException e)
            {
                throw section.Wrong(inline, "is not base64; put the base64 of the PEM text there", e);
            }
        }

        return section.Text(name) is { } file ? ReadFile(section, name, file) : null;
    }

    private static string ReadFile(ConfigSection section, string name, string file)
    {
        var full = section.FullPath(file);
        try
        {
            return File.ReadAllText(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw section.Wrong(name, $"names {full}, which cannot be read: {e.Message}", e);
        }
    }

    private static Uri Address(ConfigSection section, string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw section.Wrong(name, $"is '{text}'; write a URL such as https://10.0.0.1:6443");

    private static Uri ProxyAddress(ConfigSection section, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5"
            ? uri
            : throw section.Wrong("proxy-url", $"is '{text}'; write a URL with the scheme http, https or socks5");

    private static X509Certificate2Collection? Authorities(ConfigSection cluster)
    {
        if (Pem(cluster, "certificate-authority") is not { } pem)
            return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw cluster.Wrong("certificate-authority", $"is not PEM: {e.Message}", e);
        }

        return authorities.Count > 0
            ? authorities
            : throw cluster.Wrong("certificate-authority", "holds no certificate in PEM form");
    }
}
