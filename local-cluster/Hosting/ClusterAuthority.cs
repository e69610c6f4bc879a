using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.LocalCluster.Hosting;

/// <summary>The certificates of one cluster: made when it starts, gone when it ends.</summary>
internal sealed class ClusterAuthority : IDisposable
{
    static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    readonly X509Certificate2 authority;
    readonly DateTimeOffset from;
    readonly DateTimeOffset until;

    public ClusterAuthority(DateTimeOffset now)
    {
        // A clock that is set back a little must not make them invalid.
        (from, until) = (now.AddHours(-1), now.AddYears(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sluice-local-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        authority = request.CreateSelfSigned(from, until);
    }

    /// <summary>In PEM, for the kubeconfig.</summary>
    public string Pem => authority.ExportCertificatePem();

    /// <summary>For the API's own address.</summary>
    public X509Certificate2 Server()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes.default.svc");
        return Issue("CN=kube-apiserver", ServerUse, names.Build());
    }

    /// <summary>For the administrator, in PEM.</summary>
    public (string Certificate, string Key) Administrator()
    {
        using var certificate = Issue("O=system:masters, CN=sluice-admin", ClientUse, null);
        using var key = certificate.GetECDsaPrivateKey()!;
        return (certificate.ExportCertificatePem(), key.ExportECPrivateKeyPem());
    }

    /// <summary>Whether this authority has issued a certificate.</summary>
    public bool Issued(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(ClientUse);
        return chain.Build(certificate);
    }

    public void Dispose() => authority.Dispose();

    X509Certificate2 Issue(string subject, Oid use, X509Extension? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([use], critical: false));
        if (names is not null)
            request.CertificateExtensions.Add(names);
        using var issued = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
