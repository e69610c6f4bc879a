using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Runtime.Tests.Hostile;

/// <summary>HTTP/1.1 by hand, for what no well-behaved client can be made to send.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly List<byte> unread = [];

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var connection = new RawConnection();
        await connection.socket.ConnectAsync(server.Host, server.Port);
        return connection;
    }

    /// <param name="text">Each character is one byte.</param>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>Says that nothing more will be sent; answers can still come.</summary>
    public void CloseSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Goes away without a goodbye: what the server sends from now on is met with a reset.</summary>
    public void Abort()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    /// <summary>The next answer; null when the server has closed the connection.</summary>
    public async Task<Answer?> ReadAsync(bool hasBody = true)
    {
        int end;
        while ((end = Encoding.Latin1.GetString([.. unread]).IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            if (!await ReceiveAsync())
                return unread.Count == 0 ? null : throw new IOException("The answer ends inside its headers.");
        }
        var lines = Encoding.Latin1.GetString([.. unread[..end]]).Split("\r\n");
        unread.RemoveRange(0, end + 4);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        if (status == 100)
            return await ReadAsync(hasBody);
        var length = hasBody ? int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture) : 0;
        while (unread.Count < length)
        {
            if (!await ReceiveAsync())
                throw new IOException($"The answer ends after {unread.Count} of {length} bytes.");
        }
        var body = unread[..length].ToArray();
        unread.RemoveRange(0, length);
        return new Answer(status, body, headers);
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            var read = await socket.ReceiveAsync(buffer).WaitAsync(Patience, TimeProvider.System);
            unread.AddRange(buffer.AsSpan(0, read));
            return read > 0;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
