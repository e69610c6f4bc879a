using System.Net.Http.Headers;
using Sluice.Runtime.Grpc;
using Sluice.Runtime.Http;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Runtime.Tests.Grpc.Wire;
using Sluice.Support;

namespace Sluice.Runtime.Tests.Grpc.Calls;

/// <summary>The calls besides inference.</summary>
[Collection(GrpcCollection.Name)]
public sealed class ServerCallTests(GrpcServer server)
{
    private const int NotFound = 5;
    private const ulong Serving = 1, ServiceUnknown = 3;

    [Theory]
    [InlineData("ServerLive")]
    [InlineData("ServerReady")]
    public async Task The_server_lives_and_is_ready(string method)
    {
        var answer = await server.Client.CallAsync(GrpcClient.Inference + method, []);
        answer.Fields.Varint(1).Should().Be(1);
    }

    [Fact]
    public async Task The_server_says_what_it_is()
    {
        var fields = (await server.Client.CallAsync(GrpcClient.Inference + "ServerMetadata", [])).Fields;
        fields.Text(1).Should().Be("sluice-runtime");
        fields.Text(2).Should().MatchRegex(@"^\d+\.\d+");
    }

    [Theory]
    [InlineData("iris", "")]
    [InlineData("iris", "1")]
    public async Task A_model_that_is_loaded_is_ready(string name, string version)
    {
        var answer = await server.Client.CallAsync(GrpcClient.Inference + "ModelReady", InferMessage.To(name, version).ToArray());
        answer.Fields.Varint(1).Should().Be(1);
    }

    [Theory]
    [InlineData("ModelReady", "none", "", "Model \"none\" does not exist.")]
    [InlineData("ModelReady", "iris", "9", "Model \"iris\" has no version \"9\".")]
    [InlineData("ModelMetadata", "none", "", "Model \"none\" does not exist.")]
    [InlineData("ModelMetadata", "iris", "9", "Model \"iris\" has no version \"9\".")]
    public async Task An_unknown_model_or_version_is_not_found(string method, string name, string version, string because)
    {
        var answer = await server.Client.CallAsync(GrpcClient.Inference + method, InferMessage.To(name, version).ToArray());
        (answer.Code, answer.Message).Should().Be((NotFound, because));
    }

    [Fact]
    public async Task A_model_says_what_it_takes_and_gives()
    {
        var fields = (await server.Client.CallAsync(
            GrpcClient.Inference + "ModelMetadata", InferMessage.To("iris").ToArray())).Fields;
        fields.Text(1).Should().Be("iris");
        fields.Texts(2).Should().Equal("1", "2");
        fields.Text(3).Should().Be("onnx_onnxv1");
        var input = fields.Messages(4).Should().ContainSingle().Subject;
        (input.Text(1), input.Text(2)).Should().Be(("input", "FP32"));
        input.Packed(3).Should().Equal(ulong.MaxValue, 4);
        fields.Messages(5).Select(o => o.Text(1)).Should().Equal("label", "probabilities");
    }

    [Theory]
    [InlineData("")]
    [InlineData("inference.GRPCInferenceService")]
    [InlineData("grpc.health.v1.Health")]
    public async Task Health_is_serving(string service)
    {
        var answer = await server.Client.CallAsync(GrpcClient.Health + "Check", new ReferenceEncoder().Text(1, service).ToArray());
        answer.Fields.Varint(1).Should().Be(Serving);
    }

    [Fact]
    public async Task Health_of_an_unknown_service_is_not_found()
    {
        var answer = await server.Client.CallAsync(GrpcClient.Health + "Check", new ReferenceEncoder().Text(1, "other").ToArray());
        (answer.Code, answer.Message).Should().Be((NotFound, "There is no service \"other\" here."));
    }

    [Fact]
    public async Task Watching_health_tells_the_status_at_once_and_ends_when_the_client_goes()
    {
        using var client = new CancellationTokenSource();
        foreach (var (service, status) in ((string, ulong)[])[("", Serving), ("other", ServiceUnknown)])
        {
            using var response = await server.Client.OpenAsync(
                GrpcClient.Health + "Watch", new ReferenceEncoder().Text(1, service).ToArray(), client.Token);
            response.Content.Headers.ContentType.Should().Be(new MediaTypeHeaderValue("application/grpc"));
            var stream = await response.Content.ReadAsStreamAsync();
            var frame = new byte[7];
            await Eventually.WithinAsync(stream.ReadExactlyAsync(frame).AsTask(), "a status");
            FieldTree.Parse(frame[5..]).Varint(1).Should().Be(status);
        }
        await client.CancelAsync();
    }

    [Theory]
    [InlineData(400, 3)]
    [InlineData(404, 5)]
    [InlineData(413, 8)]
    [InlineData(415, 3)]
    [InlineData(429, 8)]
    [InlineData(499, 1)]
    [InlineData(500, 13)]
    [InlineData(501, 12)]
    [InlineData(503, 14)]
    [InlineData(504, 4)]
    public void What_rest_answers_with_an_http_status_has_its_grpc_code(int status, int code) =>
        GrpcCodes.Of(new RequestException(status, "x")).Should().Be((GrpcCode)code);
}
