using System.Buffers;
using System.Net.Sockets;

namespace Sluice.LocalCluster.Network;

/// <summary>Joins two connections: bytes both ways, the end of one direction passed on while the other goes on.</summary>
internal static class Splice
{
    private const int BufferSize = 32 * 1024;

    internal static async Task RunAsync(Socket client, Socket server, CancellationToken cancel)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAll(CopyAsync(client, server, broken), CopyAsync(server, client, broken));
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationTokenSource broken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer.AsMemory(), broken.Token)) > 0)
            {
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), broken.Token);
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A reset on one side must become a reset on the other, or a cut answer would look complete.
            Reset(from);
            Reset(to);
            await broken.CancelAsync();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Closes with RST instead of FIN.</summary>
    internal static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }
        socket.Close();
    }
}
