using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Runtime.Tests.Hostile.Fuzzing;

/// <summary>
/// A full garbage collection in another .NET process, so that its managed heap is what it keeps and not what it has not
/// yet looked at. Starting a trace of the runtime's provider with the keyword for heap collection causes one (diagnostics
/// IPC protocol of dotnet/diagnostics).
/// </summary>
internal static class ForcedCollection
{
    private const int HeaderSize = 20;
    private const byte EventPipe = 2;
    private const byte StopTracing = 1;
    private const byte CollectTracing = 2;
    private const ulong HeapCollect = 0x80_0000;

    public static async Task RunAsync(int process)
    {
        using var trace = await ConnectAsync(process);
        await trace.SendAsync(Message(CollectTracing, Trace()));
        var session = new byte[HeaderSize + sizeof(ulong)];
        await using var stream = new NetworkStream(trace);
        await stream.ReadExactlyAsync(session);
        if (session[16] != 0xff || session[17] != 0)
            throw new InvalidOperationException($"The process answers {Convert.ToHexString(session)} to the wish for a trace.");
        var draining = stream.CopyToAsync(Stream.Null);
        using (var stop = await ConnectAsync(process))
        {
            await stop.SendAsync(Message(StopTracing, session[HeaderSize..]));
            // The answer comes when the trace is written to its end.
            await stop.ReceiveAsync(new byte[HeaderSize + sizeof(ulong)]);
        }
        await draining;
    }

    private static async Task<Socket> ConnectAsync(int process)
    {
        var path = Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{process}-*-socket").Single();
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static byte[] Message(byte command, byte[] payload)
    {
        var message = new byte[HeaderSize + payload.Length];
        "DOTNET_IPC_V1\0"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        (message[16], message[17]) = (EventPipe, command);
        payload.CopyTo(message, HeaderSize);
        return message;
    }

    private static byte[] Trace()
    {
        var provider = "Microsoft-Windows-DotNETRuntime\0";
        return
        [
            .. BitConverter.GetBytes(16u), .. BitConverter.GetBytes(1u), .. BitConverter.GetBytes(1u),
            .. BitConverter.GetBytes(HeapCollect), .. BitConverter.GetBytes(4u),
            .. BitConverter.GetBytes((uint)provider.Length), .. Encoding.Unicode.GetBytes(provider), .. BitConverter.GetBytes(0u),
        ];
    }
}
