using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Benchmarks.Wire;

/// <summary>
/// The least that can answer at all: threads that block on a socket, take whatever comes for a request and answer the same bytes. What a
/// lone caller waits for it is the machine's part: two system calls, and waking the cores that sleep meanwhile.
/// </summary>
internal static class SocketLoop
{
    /// <summary>No request of this benchmark is larger, so one that was sent at once arrives at once.</summary>
    private const int Largest = 4096;

    /// <param name="port">On loopback.</param>
    /// <param name="body">File with the answer's body.</param>
    public static void Run(int port, string body)
    {
        var bytes = File.ReadAllBytes(body);
        byte[] answer =
        [
            .. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\n\r\n"), .. bytes,
        ];
        using var listening = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listening.Listen();
        while (true)
        {
            var caller = listening.Accept();
            new Thread(() => Answer(caller, answer)) { IsBackground = true }.Start();
        }
    }

    private static void Answer(Socket caller, byte[] answer)
    {
        using var owned = caller;
        caller.NoDelay = true;
        var request = new byte[Largest];
        try
        {
            while (caller.Receive(request) > 0)
                caller.Send(answer);
        }
        catch (SocketException)
        {
            // The generator leaves when its window ends.
        }
    }
}
