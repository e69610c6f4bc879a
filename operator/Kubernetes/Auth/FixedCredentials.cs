using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sluice.Kubernetes.Client;

namespace Sluice.Kubernetes.Auth;

/// <summary>A token, a name and password, a certificate, or nothing: what the configuration says, for good.</summary>
internal sealed class FixedCredentials(Credentials credentials) : ICredentialSource
{
    private readonly AuthenticationHeaderValue? _header = credentials switch
    {
        { Token: { } token } => new AuthenticationHeaderValue("Bearer", token),
        { Username: { } user } => new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{credentials.Password}"))),
        _ => null,
    };

    public X509Certificate2? ClientCertificate => credentials.ClientCertificate;

    public ValueTask<AuthenticationHeaderValue?> HeaderAsync(CancellationToken cancel) => ValueTask.FromResult(_header);

    public bool Reject(AuthenticationHeaderValue? used) => false;
}
