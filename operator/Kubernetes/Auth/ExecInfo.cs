using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Sluice.Kubernetes.Client;

namespace Sluice.Kubernetes.Auth;

/// <summary>The question to a credential plugin: the value of <c>KUBERNETES_EXEC_INFO</c>.</summary>
internal static class ExecInfo
{
    public static string Json(ExecPlugin plugin, KubeConfig config)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "ExecCredential");
            json.WriteString("apiVersion", plugin.ApiVersion);
            json.WriteStartObject("spec");
            if (plugin.ProvideClusterInfo)
                WriteCluster(json, config);
            json.WriteBoolean("interactive", false);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteCluster(Utf8JsonWriter json, KubeConfig config)
    {
        json.WriteStartObject("cluster");
        json.WriteString("server", config.Server.OriginalString);
        if (config.TlsServerName is { } name)
            json.WriteString("tls-server-name", name);
        if (config.SkipTlsVerify)
            json.WriteBoolean("insecure-skip-tls-verify", true);
        if (config.CertificateAuthorities is { Count: > 0 } authorities)
            json.WriteString("certificate-authority-data", Convert.ToBase64String(Pem(authorities)));
        if (config.Proxy is { } proxy)
            json.WriteString("proxy-url", proxy.OriginalString);
        json.WriteEndObject();
    }

    private static byte[] Pem(X509Certificate2Collection authorities) =>
        Encoding.ASCII.GetBytes(string.Concat(authorities.Select(static c => c.ExportCertificatePem() + "\n")));
}
