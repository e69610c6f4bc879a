using System.Text;

namespace Sluice.Runtime.Tests.Hostile;

/// <summary>Methods, types and headers out of bounds.</summary>
public sealed class HeaderTests(HostileServer server) : IClassFixture<HostileServer>
{
    private static readonly string Body = $"Content-Length: {HostileServer.Good.Length}\r\n\r\n{HostileServer.Good}";

    [Theory]
    [InlineData("GET", "/v2/models/iris/infer", "POST")]
    [InlineData("PUT", "/v2/models/iris/infer", "POST")]
    [InlineData("PATCH", "/v1/models/iris:predict", "POST")]
    [InlineData("DELETE", "/v2/models/iris", "GET")]
    [InlineData("POST", "/v2/health/ready", "GET")]
    [InlineData("TRACE", "/v2", "GET")]
    [InlineData("OPTIONS", "/v2/models/iris/infer", "POST")]
    [InlineData("post", "/v2/models/iris/infer", "POST")]
    [InlineData("BREW", "/v2/models/iris/infer", "POST")]
    public async Task A_method_that_is_not_for_the_path_gets_405_and_the_right_one(string method, string path, string allowed)
    {
        var answer = await server.RawAsync($"{method} {path} HTTP/1.1\r\nHost: x\r\n{Body}");

        (await server.RefusedAsync(answer!, 405)).Should().Contain(allowed);
        answer!.Headers["Allow"].Should().Contain(allowed);
    }

    [Theory]
    [InlineData("CONNECT x:80")]
    [InlineData("GET x")]
    [InlineData("GET")]
    [InlineData("G\tT /")]
    [InlineData("\0 /")]
    public async Task A_request_line_that_is_none_is_refused(string line)
    {
        var answer = await server.RawAsync($"{line} HTTP/1.1\r\nHost: x\r\n\r\n");

        answer?.Status.Should().BeOneOf(400, 404, 405);
        await server.StillAnswersAsync();
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/xml")]
    [InlineData("application/octet-stream")]
    [InlineData("image/png")]
    [InlineData("nonsense")]
    [InlineData("application/jsonx")]
    public async Task A_type_that_is_not_read_gets_415(string type)
    {
        foreach (var path in new[] { "/v2/models/iris/infer", "/v1/models/iris:predict" })
        {
            var answer = await server.RawAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\n{Body}");

            (await server.RefusedAsync(answer!, 415)).Should().Contain("application/json");
        }
    }

    [Theory]
    [InlineData(101, 10, 431)]
    [InlineData(90, 10, 200)]
    [InlineData(20, 4000, 431)]
    [InlineData(1, 40_000, 431)]
    public async Task Headers_are_bounded(int count, int size, int status)
    {
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('a', size)}\r\n"));

        var answer = await server.RawAsync($"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\n{headers}{Body}");

        answer!.Status.Should().Be(status);
        await server.StillAnswersAsync();
    }

    [Fact]
    public async Task Two_lengths_and_two_framings_are_never_two_requests()
    {
        const string Smuggled = "GET /v2/models/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
        foreach (var framing in new[]
        {
            $"Content-Length: 0\r\nContent-Length: {Smuggled.Length}\r\n\r\n{Smuggled}",
            $"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{Smuggled}",
            $"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{Smuggled}",
            $"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{Smuggled}",
        })
        {
            await using var connection = await RawConnection.OpenAsync(server.Address);
            await connection.SendAsync($"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\n{framing}");

            (await connection.ReadAsync())!.Status.Should().Be(400, framing);
            (await connection.ReadAsync()).Should().BeNull("the rest is not read as a request: {0}", framing);
        }
    }

    [Theory]
    [InlineData("a\u0001b")]
    [InlineData("x\" onload=\"y")]
    [InlineData("")]
    public async Task A_request_id_comes_back_only_when_it_is_harmless(string id)
    {
        var answer = await server.RawAsync($"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nx-request-id: {id}\r\n{Body}");

        if (answer!.Status == 200)
            answer.Headers["x-request-id"].Should().NotBe(id).And.MatchRegex("^[!-~]+$");
        else
            answer.Status.Should().Be(400);
        var endless = await server.RawAsync($"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nx-request-id: {new string('a', 1000)}\r\n{Body}");
        endless!.Headers["x-request-id"].Length.Should().BeLessThan(200);
    }

    [Fact]
    public async Task A_hundred_requests_in_one_piece_get_a_hundred_answers_in_order()
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        var requests = new StringBuilder();
        for (var i = 0; i < 100; i++)
        {
            var body = i % 3 == 2 ? "{" : HostileServer.Good.Insert(1, $"\"id\":\"{i}\",");
            requests.Append($"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        }
        await connection.SendAsync(requests.ToString());

        for (var i = 0; i < 100; i++)
        {
            var answer = (await connection.ReadAsync())!;
            answer.Status.Should().Be(i % 3 == 2 ? 400 : 200);
            if (answer.Status == 200)
                answer.Json.GetProperty("id").GetString().Should().Be($"{i}");
        }
    }

    [Fact]
    public async Task A_client_that_asks_before_it_sends_is_told_to_go_on()
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync($"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {HostileServer.Good.Length}\r\n\r\n");
        var answering = connection.ReadAsync();
        await connection.SendAsync(HostileServer.Good);

        (await answering)!.Status.Should().Be(200);
    }
}
