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
        var (front, back) = (new End(client), new End(server));
        await Task.WhenAll(CopyAsync(front, back, broken), CopyAsync(back, front, broken));
    }

    private static async Task CopyAsync(End source, End target, CancellationTokenSource broken)
    {
        var (from, to) = (source.Socket, target.Socket);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer.AsMemory(), broken.Token)) > 0)
            {
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), broken.Token);
            }
            if (source.WasReset)
                throw new SocketException((int)SocketError.ConnectionReset);
            target.Finish();
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
        // Without the zero, a socket that another thread is just using would be shut down with FIN first.
        socket.Close(0);
    }

    private sealed class End(Socket socket)
    {
        private const int Tcp = 6;
        private const int TcpInfo = 11;
        private const byte StateClosed = 7;
        private bool finished;

        public Socket Socket => socket;

        /// <summary>
        /// Linux tells of a reset once, and the direction that sends may be the one that hears of it: the other one then
        /// reads an end. A connection that we have not finished ourselves is closed after a reset, and only half after an end.
        /// </summary>
        public bool WasReset
        {
            get
            {
                if (!OperatingSystem.IsLinux() || Volatile.Read(ref finished))
                    return false;
                Span<byte> state = stackalloc byte[1];
                return socket.GetRawSocketOption(Tcp, TcpInfo, state) == 1 && state[0] == StateClosed;
            }
        }

        public void Finish()
        {
            Volatile.Write(ref finished, true);
            socket.Shutdown(SocketShutdown.Send);
        }
    }
}
