using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.LocalCluster.Network;

namespace Sluice.LocalCluster.Tests.Network;

public sealed class PortListenerTests
{
    private static PortListener Start(params IPEndPoint[] endpoints) =>
        PortListener.Start(new IPEndPoint(IPAddress.Loopback, 0), endpoints, new Random(1), TimeProvider.System);

    private static TcpListener Server()
    {
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        return server;
    }

    private static IPEndPoint Address(TcpListener server) => (IPEndPoint)server.LocalEndpoint;

    [Fact]
    public async Task An_answer_still_comes_after_the_client_has_said_that_it_is_done()
    {
        using var server = Server();
        await using var listener = Start(Address(server));
        using var client = new TcpClient();
        await client.ConnectAsync(listener.Address);
        var stream = client.GetStream();
        await stream.WriteAsync("question"u8.ToArray());
        client.Client.Shutdown(SocketShutdown.Send);

        using var accepted = await server.AcceptTcpClientAsync();
        var question = await new StreamReader(accepted.GetStream()).ReadToEndAsync();
        await accepted.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"answer to {question}"));
        accepted.Close();

        (await new StreamReader(stream).ReadToEndAsync()).Should().Be("answer to question");
    }

    [Fact]
    public async Task A_large_body_arrives_whole_and_in_order()
    {
        var body = new byte[20_000_000];
        new Random(7).NextBytes(body);
        using var server = Server();
        await using var listener = Start(Address(server));
        using var client = new TcpClient();
        await client.ConnectAsync(listener.Address);
        using var accepted = await server.AcceptTcpClientAsync();
        var sending = Task.Run(async () =>
        {
            await client.GetStream().WriteAsync(body);
            client.Client.Shutdown(SocketShutdown.Send);
        });

        var received = new MemoryStream();
        await accepted.GetStream().CopyToAsync(received);
        await sending;

        received.ToArray().Should().Equal(body);
    }

    [Fact]
    public async Task A_dead_endpoint_is_passed_over()
    {
        using var gone = Server();
        var dead = Address(gone);
        gone.Stop();
        using var server = Server();
        await using var listener = Start(dead, Address(server));

        for (var i = 0; i < 10; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(listener.Address);
            using var accepted = await server.AcceptTcpClientAsync();
        }
    }

    [Fact]
    public async Task A_change_of_the_endpoints_leaves_connections_alone()
    {
        using var first = Server();
        using var second = Server();
        await using var listener = Start(Address(first));
        using var client = new TcpClient();
        await client.ConnectAsync(listener.Address);
        using var accepted = await first.AcceptTcpClientAsync();

        listener.Endpoints = [Address(second)];
        using var other = new TcpClient();
        await other.ConnectAsync(listener.Address);
        using var elsewhere = await second.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync(new byte[] { 42 });

        accepted.GetStream().ReadByte().Should().Be(42);
    }

    [Fact]
    public async Task Without_endpoints_a_connection_is_refused_by_a_reset()
    {
        await using var listener = Start();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);

        // The reset may come before the caller has learnt that it is connected.
        var read = async () =>
        {
            await client.ConnectAsync(listener.Address);
            await client.ReceiveAsync(new byte[1]);
        };

        (await read.Should().ThrowAsync<SocketException>()).Which.SocketErrorCode.Should().Be(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task A_reset_behind_is_a_reset_in_front()
    {
        using var server = Server();
        await using var listener = Start(Address(server));
        using var client = new TcpClient();
        await client.ConnectAsync(listener.Address);
        var accepted = await server.AcceptSocketAsync();
        await client.GetStream().WriteAsync("x"u8.ToArray());

        Splice.Reset(accepted);
        var read = async () => await client.GetStream().ReadExactlyAsync(new byte[1]);

        (await read.Should().ThrowAsync<IOException>()).WithInnerException<SocketException>();
    }
}
