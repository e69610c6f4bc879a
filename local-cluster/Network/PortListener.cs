using System.Net;
using System.Net.Sockets;

namespace Sluice.LocalCluster.Network;

/// <summary>
/// Listens at one port of one Service. A change of the endpoints concerns new connections alone; those that exist go on
/// with the endpoint that they have.
/// </summary>
internal sealed class PortListener : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    private readonly Socket _listener;
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile IReadOnlyList<IPEndPoint> _endpoints;

    private PortListener(Socket listener, IReadOnlyList<IPEndPoint> endpoints, Random random, TimeProvider time)
    {
        (_listener, _endpoints, _random, _time) = (listener, endpoints, random, time);
        _accepting = AcceptAsync();
    }

    internal IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    internal IReadOnlyList<IPEndPoint> Endpoints
    {
        set => _endpoints = value;
    }

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    internal static PortListener Start(IPEndPoint address, IReadOnlyList<IPEndPoint> endpoints, Random random, TimeProvider time)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            socket.Listen(Backlog);
            return new PortListener(socket, endpoints, random, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Accepts nothing more; connections go on until they end by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Stopping.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var accepted = client;
        if (await ConnectAsync() is not { } server)
        {
            Splice.Reset(client);
            return;
        }
        using var connected = server;
        client.NoDelay = true;
        server.NoDelay = true;
        await Splice.RunAsync(client, server, CancellationToken.None);
    }

    /// <summary>A connection to one of the endpoints, beginning at a random one; null when none takes it.</summary>
    private async Task<Socket?> ConnectAsync()
    {
        var endpoints = _endpoints;
        var first = Draw(endpoints.Count);
        for (var i = 0; i < endpoints.Count; i++)
        {
            var endpoint = endpoints[(first + i) % endpoints.Count];
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                using var limit = new CancellationTokenSource(ConnectLimit, _time);
                await socket.ConnectAsync(endpoint, limit.Token);
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Nothing was sent yet, so the next endpoint may have it.
                socket.Dispose();
            }
        }
        return null;
    }

    private int Draw(int count)
    {
        lock (_random)
            return count == 0 ? 0 : _random.Next(count);
    }
}
