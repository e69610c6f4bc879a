using FsCheck;
using FsCheck.Fluent;
using Sluice.Runtime.Tests.Grpc.Support;

namespace Sluice.Runtime.Tests.Hostile.Fuzzing;

/// <summary>Whatever is made of the protocol's own words is answered or refused with a reason. A failure is shrunk.</summary>
public sealed class PropertyTests : IAsyncLifetime
{
    private const int Requests = 1500;
    private const int Internal = 13;
    private const int Unknown = 2;

    private FuzzServer server = null!;

    private static Config Seeded { get; } =
        Config.QuickThrowOnFailure.WithMaxTest(Requests).WithReplay((ulong)(uint)FuzzSeed.Value, 0x9E3779B97F4A7C15);

    public async Task InitializeAsync() => server = await FuzzServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public void Any_JSON_in_the_words_of_V2_is_answered_or_refused() =>
        Prop.ForAll(HostileRequests.V2, Gen.Elements("iris", "text", "BOOL", "FP64", "credit").ToArbitrary(), (body, model) =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = new StringContent(body) };
            message.Content.Headers.ContentType = new("application/json");
            var (_, wrong) = server.SendAsync(message).GetAwaiter().GetResult();
            wrong.Should().BeNull("{0}, sent to {1}: {2}", FuzzSeed.Replay, model, body);
        }).Check(Seeded);

    [Fact]
    public async Task Any_protobuf_in_the_fields_of_ModelInfer_is_answered_or_refused()
    {
        using var client = new GrpcClient(server.Program.Grpc);
        Prop.ForAll(HostileRequests.Protobuf, message =>
        {
            var answer = client.InferAsync(message).GetAwaiter().GetResult();
            answer.Code.Should().NotBe(Internal).And.NotBe(Unknown).And.BeInRange(
                0, 16, "{0}: {1} for {2}", FuzzSeed.Replay, answer.Message, Convert.ToHexString(message));
        }).Check(Seeded);
        (await client.InferAsync(InferMessage.Iris())).Code.Should().Be(0);
    }
}
