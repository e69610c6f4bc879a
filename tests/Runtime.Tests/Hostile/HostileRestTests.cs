using System.Net.Sockets;
using System.Text;
using Sluice.Runtime.Tests.Hostile.Fuzzing;
using Sluice.Runtime.Tests.Protocols;

namespace Sluice.Runtime.Tests.Hostile;

/// <summary>Requests that mean harm or are damaged: no crash, no 5xx, every answer an error that says why.</summary>
public sealed class HostileRestTests : IAsyncLifetime
{
    private const int Requests = 2000;
    private const string Header = "Inference-Header-Content-Length";

    private TestRuntime iris = null!;
    private TestRuntime credit = null!;

    public async Task InitializeAsync()
    {
        iris = await TestRuntime.StartAsync("iris/2", "iris");
        credit = await TestRuntime.StartAsync("credit/1", "credit");
    }

    public async Task DisposeAsync()
    {
        await iris.DisposeAsync();
        await credit.DisposeAsync();
    }

    [Fact]
    public Task Damaged_V2_requests_get_4xx() => DamageAsync(credit, "/v2/models/credit/infer", V2Tests.CreditRequest, 1);

    [Fact]
    public Task Damaged_V1_requests_get_4xx() => DamageAsync(
        credit,
        "/v1/models/credit:predict",
        """{"instances":[{"income":50000,"age":35,"loan_amount":10000,"employment_years":5,"credit_history":"good"}]}""",
        2);

    [Fact]
    public Task Damaged_hand_written_requests_get_4xx() =>
        DamageAsync(iris, "/predict", """{"features":[[5.1,3.5,1.4,0.2],[6.3,3.3,6.0,2.5]]}""", 3);

    [Fact]
    public async Task Damaged_binary_requests_get_4xx()
    {
        var json = Encoding.UTF8.GetBytes(
            """{"outputs":[{"name":"label","parameters":{"binary_data":true}}],"inputs":[{"name":"input","shape":[2,4],"datatype":"FP32","parameters":{"binary_data_size":32}}]}""");
        byte[] whole = [.. json, .. new byte[32]];
        var mutation = new Mutation(4);
        for (var i = 0; i < Requests; i++)
        {
            var body = mutation.Damage(whole);
            var length = mutation.Next(4) switch
            {
                0 => mutation.Next(body.Length + 10).ToString(),
                1 when mutation.Next(20) == 0 => "99999999999999999999",
                _ => json.Length.ToString(),
            };
            Check(await iris.SendAsync(HttpMethod.Post, "/v2/models/iris/infer", body, "application/octet-stream", (Header, length)), body);
        }
        await StillServes(iris);
    }

    [Theory]
    [InlineData("[", 250_000)]
    [InlineData("{\"a\":", 250_000)]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[", 1)]
    [InlineData("{\"instances\":", 1)]
    public async Task Deep_nesting_is_refused(string start, int times)
    {
        var body = start.Length > 10 ? start + new string('[', 250_000) : string.Concat(Enumerable.Repeat(start, times));

        Check(await iris.PostAsync("/v2/models/iris/infer", body), Encoding.UTF8.GetBytes(body));
        Check(await iris.PostAsync("/v1/models/iris:predict", body), Encoding.UTF8.GetBytes(body));
        await StillServes(iris);
    }

    [Theory]
    [InlineData("/v2/models/../../etc/passwd/infer")]
    [InlineData("/v2/models/%2e%2e%2f%2e%2e%2fetc%2fpasswd/infer")]
    [InlineData("/v1/models/..;/admin:predict")]
    [InlineData("/v2/models/iris%00/infer")]
    [InlineData("/v2/models/iris/versions/../../x/infer")]
    [InlineData("/v2/models/%ff%fe/infer")]
    [InlineData("//v2//models//iris//infer")]
    public async Task Paths_that_try_to_leave_lead_nowhere(string path)
    {
        var answer = await RawAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        answer.Should().MatchRegex("^HTTP/1.1 40[04] ");
        answer.Should().NotContain("root:");
    }

    [Theory]
    [InlineData("POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", "400")]
    [InlineData("POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "400")]
    [InlineData("POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", "400")]
    [InlineData("POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "400")]
    [InlineData("POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{", "413")]
    [InlineData("GET /v2 HTTP/1.1\r\n\r\n", "400")]
    [InlineData("\u0016\u0003\u0001\u0002\r\n\r\n", "400")]
    public async Task Broken_framing_is_refused(string request, string status)
    {
        (await RawAsync(request)).Should().Match($"HTTP/1.1 {status} *");
        await StillServes(iris);
    }

    [Fact]
    public async Task Connections_that_stop_halfway_harm_nobody()
    {
        for (var i = 0; i < 200; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", iris.Server.Http.Port);
            var request = "POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n{\"inputs\":[{\"name\":"u8.ToArray();
            await client.GetStream().WriteAsync(request.AsMemory(0, 1 + i % request.Length));
            if (i % 2 == 0)
                client.Client.Shutdown(SocketShutdown.Send);
            else
                client.LingerState = new LingerOption(true, 0);
        }
        await StillServes(iris);
    }

    private static async Task DamageAsync(TestRuntime runtime, string path, string body, int seed)
    {
        var whole = Encoding.UTF8.GetBytes(body);
        var mutation = new Mutation(seed);
        for (var i = 0; i < Requests; i++)
        {
            var damaged = mutation.Damage(whole);
            Check(await runtime.SendAsync(HttpMethod.Post, path, damaged), damaged);
        }
        await StillServes(runtime);
    }

    private static void Check(Answer answer, byte[] sent)
    {
        if (answer.Status == 200)
            return;
        var context = $"{answer.Status} {answer.Text} for {Encoding.Latin1.GetString(sent.AsSpan(0, Math.Min(sent.Length, 600)))}";
        answer.Status.Should().BeInRange(400, 499, context);
        answer.Error.Should().NotBeNullOrEmpty(context).And.NotContain("/build/", context).And.NotContain(".cs:", context);
    }

    private static async Task StillServes(TestRuntime runtime) => (await runtime.GetAsync("/health")).Status.Should().Be(200);

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", iris.Server.Http.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
