using System.Net;
using System.Net.Sockets;

namespace Sluice.Support.Programs;

/// <summary>Ports of 127.0.0.1 for programs that cannot be asked which one they took.</summary>
public static class LoopbackPort
{
    /// <summary>One that nobody listens on now.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
