using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sluice.LocalCluster.Api;
using Sluice.LocalCluster.Api.Custom;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Storage;

namespace Sluice.LocalCluster.Hosting;

/// <summary>The API server on loopback, with its kubeconfig.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ClusterAuthority? _authority;
    readonly CancellationTokenSource _stop;
    readonly Task _definitions;

    ApiHost(WebApplication app, ClusterAuthority? authority, ApiState state, Task definitions, Uri address, CancellationTokenSource stop)
    {
        (_app, _authority, State, _definitions, Address, _stop) = (app, authority, state, definitions, address, stop);
    }

    public Uri Address { get; }

    public ApiState State { get; }

    /// <summary>Starts the server, makes the objects that every cluster has, and writes the kubeconfig.</summary>
    public static async Task<ApiHost> StartAsync(ClusterOptions options, TimeProvider clock, ILoggerFactory logs, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.State);
        var store = new ObjectStore();
        var state = new ApiState(store, new KindRegistry(store), clock, options.State);
        Bootstrap.Run(state);
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(24)).ToLowerInvariant();
        var server = new ApiServer(state, new Authentication(token), logs.CreateLogger("api"));
        var authority = options.Http ? null : new ClusterAuthority(clock.GetUtcNow());
        var app = Build(options, authority, logs);
        app.Run(server.HandleAsync);
        await app.StartAsync(cancel);
        var address = new Uri(app.Urls.First());
        var stop = new CancellationTokenSource();
        var definitions = Task.Run(() => new DefinitionLoop(state, logs.CreateLogger("crd")).RunAsync(stop.Token), CancellationToken.None);
        WriteCredentials(options, authority, address, token);
        return new ApiHost(app, authority, state, definitions, address, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _definitions;
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }

        await _app.DisposeAsync();
        _authority?.Dispose();
        _stop.Dispose();
    }

    static WebApplication Build(ClusterOptions options, ClusterAuthority? authority, ILoggerFactory logs)
    {
        // The other builders read configuration from the working directory and then watch all that lies below it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Watches are silent for long and proxied bodies have any size.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = authority is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (authority is not null)
                {
                    listen.UseHttps(authority.Server(), https =>
                    {
                        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                        https.ClientCertificateValidation = (certificate, _, _) => authority.Issued(certificate);
                    });
                }
            });
        });
        return builder.Build();
    }

    static void WriteCredentials(ClusterOptions options, ClusterAuthority? authority, Uri address, string token)
    {
        KubeconfigFile.Secret(Path.Combine(options.State, "token"), token);
        if (authority is null)
        {
            KubeconfigFile.Write(options.Kubeconfig, address, null, [new("token", token)]);
            return;
        }

        var (certificate, key) = authority.Administrator();
        KubeconfigFile.Write(options.Kubeconfig, address, authority.Pem,
        [
            new("client-certificate-data", KubeconfigFile.Base64(certificate)),
            new("client-key-data", KubeconfigFile.Base64(key)),
        ]);
    }
}
