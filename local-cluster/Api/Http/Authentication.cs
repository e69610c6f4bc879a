using System.Security.Cryptography;
using System.Text;

namespace Sluice.LocalCluster.Api.Http;

/// <summary>Lets in whoever shows the cluster's token or a client certificate that the cluster signed; both are the administrator.</summary>
/// <param name="token">The bearer token of the kubeconfig.</param>
internal sealed class Authentication(string token)
{
    const string Scheme = "Bearer ";

    static readonly string[] Open = ["/healthz", "/livez", "/readyz", "/version"];

    readonly byte[] expected = Encoding.UTF8.GetBytes(Scheme + token);

    public bool Admits(HttpContext context)
    {
        // The transport has checked a certificate against the cluster's authority before it gets here.
        if (context.Connection.ClientCertificate is not null)
            return true;
        var given = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        return CryptographicOperations.FixedTimeEquals(given, expected)
            || Open.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal));
    }
}
