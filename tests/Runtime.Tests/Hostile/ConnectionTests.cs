using System.Net;
using Sluice.Support;

namespace Sluice.Runtime.Tests.Hostile;

/// <summary>Clients that are slow, that stop halfway, that go away.</summary>
public sealed class ConnectionTests(HostileServer server) : IClassFixture<HostileServer>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-hostile-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static readonly string Head = $"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {HostileServer.Good.Length}\r\n\r\n";

    [Fact]
    public async Task A_client_that_closes_its_side_is_answered_or_left_and_nothing_remains()
    {
        for (var i = 0; i < 50; i++)
        {
            await using var connection = await RawConnection.OpenAsync(server.Address);
            await connection.SendAsync(Head + HostileServer.Good);
            connection.CloseSending();

            // The server takes a closed side for a client that went away, when it sees that before it has answered.
            (await connection.ReadAsync())?.Status.Should().Be(200);
        }
        await server.StillAnswersAsync();
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_body_that_breaks_off_ends_its_connection_alone()
    {
        for (var cut = 0; cut < HostileServer.Good.Length; cut += 7)
        {
            await using var connection = await RawConnection.OpenAsync(server.Address);
            await connection.SendAsync(Head + HostileServer.Good[..cut]);
            connection.CloseSending();

            (await connection.ReadAsync())?.Status.Should().Be(400);
        }
        await server.StillAnswersAsync();
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Clients_that_vanish_leave_nothing_behind()
    {
        var request = Head + HostileServer.Good;
        for (var cut = 1; cut < request.Length; cut += 5)
        {
            await using var connection = await RawConnection.OpenAsync(server.Address);
            await connection.SendAsync(request[..cut]);
            connection.Abort();
        }
        for (var i = 0; i < 20; i++)
        {
            await using var connection = await RawConnection.OpenAsync(server.Address);
            await connection.SendAsync(request);
            connection.Abort();
        }

        await server.StillAnswersAsync();
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Many_clients_that_dawdle_hold_up_nobody()
    {
        var request = Head + HostileServer.Good;
        var slow = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => RawConnection.OpenAsync(server.Address)));
        await Task.WhenAll(slow.Select((c, i) => c.SendAsync(request[..(1 + i % (request.Length - 1))])));

        for (var i = 0; i < 50; i++)
            await server.StillAnswersAsync();

        foreach (var connection in slow)
            await connection.DisposeAsync();
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_given_up()
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync(Head + HostileServer.Good[..10]);

        var answer = await connection.ReadAsync();

        answer!.Status.Should().Be(408);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Connections_beyond_the_bound_are_closed_and_the_others_served()
    {
        await using var small = await HostileServer.StartAsync(folder, s => s with { MaxConnections = 3 });
        var open = new List<RawConnection>();
        for (var i = 0; i < 3; i++)
        {
            open.Add(await RawConnection.OpenAsync(small.Server.Http));
            await open[i].SendAsync(Head + HostileServer.Good);
            (await open[i].ReadAsync())!.Status.Should().Be((int)HttpStatusCode.OK);
        }

        await using var beyond = await RawConnection.OpenAsync(small.Server.Http);
        (await beyond.ReadAsync()).Should().BeNull();

        await open[0].SendAsync(Head + HostileServer.Good);
        (await open[0].ReadAsync())!.Status.Should().Be((int)HttpStatusCode.OK);
        foreach (var connection in open)
            await connection.DisposeAsync();
    }

    /// <summary>No request counts as running any more.</summary>
    private async Task NothingIsLeftAsync()
    {
        var metrics = string.Empty;
        await Eventually.TrueAsync(
            () =>
            {
                metrics = server.Runtime.MetricsAsync().GetAwaiter().GetResult();
                return metrics.Split('\n').Where(l => l.StartsWith("sluice_requests_in_flight{", StringComparison.Ordinal)).All(l => l.EndsWith(" 0", StringComparison.Ordinal));
            },
            () => "requests are still running:\n" + metrics);
        metrics.Should().Contain("sluice_requests_in_flight{");
    }
}
