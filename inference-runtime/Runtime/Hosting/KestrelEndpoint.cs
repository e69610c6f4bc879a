using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Sluice.Runtime.Hosting;

/// <summary>What callers of a port may ask of it.</summary>
/// <param name="MaxBody">Bytes of a request.</param>
/// <param name="MaxConnections">At a time.</param>
internal readonly record struct CallerLimits(long MaxBody, int MaxConnections);

/// <summary>One listening port with an application of its own, without a web host around it.</summary>
internal sealed class KestrelEndpoint : IDisposable
{
    private readonly KestrelServer server;

    private KestrelEndpoint(KestrelServer server, Uri address) => (this.server, Address) = (server, address);

    /// <summary>Where it listens; the port is the real one when 0 was asked for.</summary>
    public Uri Address { get; }

    /// <param name="onEventThread">The application runs on the thread that read the request, see <see cref="EventThread"/>.</param>
    public static async Task<KestrelEndpoint> StartAsync<T>(
        IPEndPoint at,
        HttpProtocols protocols,
        CallerLimits limits,
        IHttpApplication<T> application,
        ILoggerFactory logs,
        bool onEventThread = false)
        where T : notnull
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = limits.MaxBody;
        options.Limits.MaxConcurrentConnections = limits.MaxConnections;
        options.Listen(at, listen => listen.Protocols = protocols);
        var sockets = new SocketTransportOptions { Backlog = 1024, UnsafePreferInlineScheduling = onEventThread };
        var transport = new SocketTransportFactory(Options.Create(sockets), logs);
        var started = new KestrelServer(Options.Create(options), transport, logs);
        try
        {
            await started.StartAsync(application, CancellationToken.None);
        }
        catch (IOException e)
        {
            started.Dispose();
            throw new FailureException(
                Contract.TerminationReasons.AddressInUse, $"{at} cannot be listened on: {e.Message} Name another with the option of this port.");
        }
        var address = started.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new KestrelEndpoint(started, new Uri(address));
    }

    /// <summary>Listens no more, lets running requests finish, then closes.</summary>
    /// <param name="cutOff">Ends the waiting and aborts what still runs.</param>
    public Task StopAsync(CancellationToken cutOff) => server.StopAsync(cutOff);

    public void Dispose() => server.Dispose();
}
