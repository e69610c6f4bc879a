using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Sluice.Kubernetes.Client;

namespace Sluice.Kubernetes.Auth;

/// <summary>Proves who sends a request.</summary>
internal interface ICredentialSource
{
    /// <summary>What connections opened from now on present; null for none.</summary>
    X509Certificate2? ClientCertificate { get; }

    ValueTask<AuthenticationHeaderValue?> HeaderAsync(CancellationToken cancel);

    /// <summary>The server did not believe <paramref name="used"/>. True when asking again may give something else.</summary>
    bool Reject(AuthenticationHeaderValue? used);
}

internal static class CredentialSource
{
    public static ICredentialSource Of(KubeConfig config, TimeProvider time) => config.Credentials switch
    {
        { Exec: { } exec } => new ExecCredentials(exec, config, time),
        { TokenFile: { } file } => new TokenFile(file, config.Credentials.ClientCertificate, time),
        var fixedOnes => new FixedCredentials(fixedOnes),
    };
}
