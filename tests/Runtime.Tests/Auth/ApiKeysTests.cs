using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Runtime.Auth;
using Sluice.Runtime.Grpc;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support;

namespace Sluice.Runtime.Tests.Auth;

/// <summary>A server with keys answers those who show one.</summary>
public sealed class ApiKeysTests : IDisposable
{
    private const string Row = """{"instances": [[5.1, 3.5, 1.4, 0.2]]}""";

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-keys-").FullName;

    public ApiKeysTests() => Give("shop", "s3cret\n");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("Bearer s3cret", 200)]
    [InlineData("bearer s3cret", 200)]
    [InlineData("Bearer wrong", 401)]
    [InlineData("Bearer s3cre", 401)]
    [InlineData("Bearer s3cretx", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData("Basic s3cret", 401)]
    [InlineData(null, 401)]
    public async Task A_request_needs_one_of_the_keys(string? authorization, int status)
    {
        await using var server = await StartAsync();

        var answer = await server.SendAsync(HttpMethod.Post, "/v1/models/iris:predict", System.Text.Encoding.UTF8.GetBytes(Row), headers: Header(authorization));

        answer.Status.Should().Be(status);
        if (status == 401)
            answer.Text.Should().Be("""{"error":"This server answers those who show a key; send yours as \"Authorization: Bearer KEY\"."}""");
    }

    [Fact]
    public async Task Who_only_looks_after_the_server_needs_none()
    {
        await using var server = await StartAsync();

        foreach (var open in new[] { "/", "/health", "/v2/health/live", "/v2/health/ready" })
            (await server.GetAsync(open)).Status.Should().Be(200, open);
        foreach (var closed in new[] { "/v2", "/v1/models", "/v2/models/iris", "/model-info", "/openapi.json", "/docs", "/nothing" })
            (await server.GetAsync(closed)).Status.Should().Be(401, closed);
    }

    [Fact]
    public async Task Calls_over_gRPC_need_one_as_well()
    {
        await using var server = await StartAsync();
        using var client = new GrpcClient(server.Server.Grpc);

        (await client.InferAsync(InferMessage.Iris(), ("authorization", "Bearer s3cret"))).Code.Should().Be((int)GrpcCode.Ok);
        var refused = await client.InferAsync(InferMessage.Iris());
        refused.Code.Should().Be((int)GrpcCode.Unauthenticated);
        refused.Message.Should().Contain("authorization: Bearer KEY");
        (await client.CallAsync(GrpcClient.Health + "Check", [])).Code.Should().Be((int)GrpcCode.Ok);
        (await client.CallAsync(GrpcClient.Inference + "ServerMetadata", [])).Code.Should().Be((int)GrpcCode.Unauthenticated);
    }

    [Fact]
    public async Task Keys_come_and_go_without_a_restart()
    {
        await using var keys = new ApiKeys(folder, NullLogger.Instance, TimeProvider.System);
        keys.Start();
        keys.Admits("Bearer s3cret").Should().BeTrue();

        Give("lab", "other");
        await Eventually.TrueAsync(() => keys.Admits("Bearer other"), () => "the new key counts");
        File.Delete(Path.Combine(folder, "shop"));
        await Eventually.TrueAsync(() => !keys.Admits("Bearer s3cret"), () => "the old one no more");
        File.Delete(Path.Combine(folder, "lab"));
        await Eventually.TrueAsync(() => !keys.Admits("Bearer other"), () => "nobody is let in by no key");
    }

    [Fact]
    public void Without_a_key_it_does_not_start()
    {
        Give("shop", " \n");
        Give("..data", "s3cret");

        var start = () => new ApiKeys(folder, NullLogger.Instance, TimeProvider.System).Start();

        start.Should().Throw<FailureException>().WithMessage($"{folder} holds no key. *predictor.auth.apiKeysSecret*");
    }

    [Fact]
    public async Task The_description_says_that_a_key_is_needed()
    {
        await using var server = await StartAsync();

        var answer = await server.SendAsync(HttpMethod.Get, "/openapi.json", null, headers: Header("Bearer s3cret"));

        answer.Json.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString().Should().Be("bearer");
    }

    private Task<TestRuntime> StartAsync() => TestRuntime.StartAsync("iris", "iris", settings => settings with { ApiKeys = folder });

    private void Give(string caller, string key) => File.WriteAllText(Path.Combine(folder, caller), key);

    private static (string, string)[] Header(string? authorization) => authorization is null ? [] : [("Authorization", authorization)];
}
