using System.Net;
using System.Net.Sockets;

namespace Sluice.Support.Http;

/// <summary>
/// A line to a server that tears: what the server sends on the first connections ends after so many bytes, as if a proxy or a
/// router in between had gone. The server itself is any, and does nothing wrong.
/// </summary>
public sealed class CuttingRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly Uri server;
    private readonly int bytes;
    private readonly Task accepting;
    private int cuts;

    /// <param name="server">Whom to carry to.</param>
    /// <param name="bytes">Of the server's, after which a connection ends.</param>
    /// <param name="cuts">How many connections that happens to, of those on which the server sends so much.</param>
    public CuttingRelay(Uri server, int bytes, int cuts)
    {
        (this.server, this.bytes, this.cuts) = (server, bytes, cuts);
        listener.Start();
        Address = new Uri($"http://{listener.LocalEndpoint}");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        await accepting;
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carried = new List<Task>();
        try
        {
            while (true)
                carried.Add(CarryAsync(await listener.AcceptTcpClientAsync(closing.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        using (near)
        {
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, server.Port, ended.Token);
                var asking = near.GetStream().CopyToAsync(far.GetStream(), ended.Token);
                await AnswerAsync(far.GetStream(), near.GetStream(), ended.Token);
                await ended.CancelAsync();
                await asking;
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One side has gone, which is what this is about.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to, CancellationToken cancel)
    {
        var (buffer, carried) = (new byte[16 * 1024], 0);
        while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (carried + read > bytes && Interlocked.Decrement(ref cuts) >= 0)
            {
                await to.WriteAsync(buffer.AsMemory(0, bytes - carried), cancel);
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            carried += read;
        }
    }
}
