using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Kubernetes.Auth;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Client;

/// <summary>Puts the handlers of one client together: retry, credentials, attempt, sockets.</summary>
internal static class Pipeline
{
    public static HttpMessageHandler Build(KubeConfig config, KubeClientOptions options)
    {
        var log = (options.Logging ?? NullLoggerFactory.Instance).CreateLogger("Sluice.Kubernetes.Client");
        var credentials = CredentialSource.Of(config, options.Time);
        return new RetryHandler(options.Time, options.Jitter ?? Jitter.FromEntropy(), log)
        {
            InnerHandler = new CredentialHandler(credentials, config.TlsServerName)
            {
                InnerHandler = new AttemptHandler(options.RequestTimeout, options.Time)
                {
                    InnerHandler = Sockets(config, options, credentials),
                },
            },
        };
    }

    private static SocketsHttpHandler Sockets(KubeConfig config, KubeClientOptions options, ICredentialSource credentials)
    {
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.MaxConnectionsPerServer,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // The address behind the server's name may change (a load balancer, a rebuilt control plane).
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            AutomaticDecompression = DecompressionMethods.None,
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = config.Proxy is null ? null : new WebProxy(config.Proxy),
            SslOptions =
            {
                LocalCertificateSelectionCallback = (_, _, _, _, _) => credentials.ClientCertificate!,
            },
        };
        Trust(handler.SslOptions, config);
        return handler;
    }

    private static void Trust(SslClientAuthenticationOptions tls, KubeConfig config)
    {
        if (config.SkipTlsVerify)
        {
            // The user's word (insecure-skip-tls-verify) outweighs what is wrong with the certificate.
            tls.RemoteCertificateValidationCallback =
                (_, _, _, problems) => config.SkipTlsVerify || problems == SslPolicyErrors.None;
        }
        else if (config.CertificateAuthorities is { } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
    }
}
