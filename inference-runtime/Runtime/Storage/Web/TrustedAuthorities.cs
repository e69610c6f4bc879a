using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Contract;

namespace Sluice.Runtime.Storage.Web;

/// <summary>
/// The certificate authorities of a storage's own, in PEM: the Secret's key <c>ca.crt</c>, or the file that AWS_CA_BUNDLE names as in
/// KServe. They are trusted instead of those of the machine.
/// </summary>
internal static class TrustedAuthorities
{
    /// <summary>Null to trust whom the machine trusts.</summary>
    public static X509ChainPolicy? From(Credentials credentials)
    {
        var (pem, where) = credentials.File("ca.crt") is { } own ? (own, "The credentials' key ca.crt")
            : credentials.Get("AWS_CA_BUNDLE") is { } path ? (Read(path), path)
            : default;
        if (pem is null)
            return null;
        // Revocation lists of a private authority are rarely to be had.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new FailureException(TerminationReasons.InvalidOptions, $"{where} holds no certificates in PEM: {e.Message}");
        }
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new FailureException(TerminationReasons.InvalidOptions, $"{where} holds no certificates in PEM.");
    }

    private static string Read(string path) => File.Exists(path)
        ? File.ReadAllText(path)
        : throw new FailureException(TerminationReasons.InvalidOptions, $"AWS_CA_BUNDLE names {path}, which is not there.");
}
