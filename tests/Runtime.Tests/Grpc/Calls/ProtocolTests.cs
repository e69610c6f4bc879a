using System.IO.Compression;
using System.Net;
using Sluice.Runtime.Tests.Grpc.Support;

namespace Sluice.Runtime.Tests.Grpc.Calls;

/// <summary>What gRPC itself asks of a server, whatever the call.</summary>
[Collection(GrpcCollection.Name)]
public sealed class ProtocolTests(GrpcServer server)
{
    private const int InvalidArgument = 3, ResourceExhausted = 8, Unimplemented = 12, Internal = 13;

    [Fact]
    public async Task An_answer_has_headers_a_message_and_trailers()
    {
        var answer = await server.Client.InferAsync(InferMessage.Iris());
        answer.HttpStatus.Should().Be(HttpStatusCode.OK);
        answer.Headers["content-type"].Should().Be("application/grpc");
        answer.Headers["grpc-accept-encoding"].Should().Be("identity,gzip");
        answer.Headers["x-sluice-revision"].Should().Be("grpc-test");
        answer.Headers.Should().NotContainKeys("grpc-status", "grpc-encoding");
        answer.Trailers.Should().Contain("grpc-status", "0").And.NotContainKey("grpc-message");
    }

    [Fact]
    public async Task An_error_is_headers_alone_with_the_message_percent_encoded()
    {
        var answer = await server.Client.InferAsync(InferMessage.To("äöü 100%").ToArray());
        answer.HttpStatus.Should().Be(HttpStatusCode.OK);
        answer.IsTrailersOnly.Should().BeTrue();
        answer.Trailers.Should().BeEmpty();
        answer.Headers["content-type"].Should().Be("application/grpc");
        answer.Headers["grpc-message"].Should().Be("Model \"%C3%A4%C3%B6%C3%BC 100%25\" does not exist.");
    }

    [Fact]
    public async Task A_request_id_comes_back_and_is_made_when_there_is_none()
    {
        (await server.Client.InferAsync(InferMessage.Iris(), ("x-request-id", "abc-1"))).Headers["x-request-id"].Should().Be("abc-1");
        var first = (await server.Client.InferAsync(InferMessage.Iris())).Headers["x-request-id"];
        var second = (await server.Client.InferAsync(InferMessage.Iris())).Headers["x-request-id"];
        first.Should().NotBe(second);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    [InlineData("Application/GRPC")]
    public async Task The_content_type_may_name_the_message_format(string type) =>
        (await server.Client.InferAsync(InferMessage.Iris(), ("content-type", type))).Code.Should().Be(0);

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc+json")]
    [InlineData("application/grpc-web")]
    [InlineData("")]
    public async Task Another_content_type_is_answered_with_415(string type)
    {
        var answer = await server.Client.InferAsync(InferMessage.Iris(), ("content-type", type));
        answer.HttpStatus.Should().Be(HttpStatusCode.UnsupportedMediaType);
        answer.Headers.Should().NotContainKey("grpc-status");
    }

    [Fact]
    public async Task A_get_is_answered_with_405()
    {
        using var request = GrpcClient.Request(GrpcClient.Inference + "ModelInfer", new ByteArrayContent([]));
        request.Method = HttpMethod.Get;
        request.Content!.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        var answer = await server.Client.SendAsync(request, CancellationToken.None);
        answer.HttpStatus.Should().Be(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("/inference.GRPCInferenceService/RepositoryIndex")]
    [InlineData("/inference.grpcinferenceservice/ModelInfer")]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")]
    [InlineData("/")]
    [InlineData("/v2/models/iris/infer")]
    public async Task An_unknown_method_is_unimplemented(string path)
    {
        var answer = await server.Client.CallAsync(path, []);
        answer.Code.Should().Be(Unimplemented);
        answer.Message.Should().Be($"There is no method {path} here.");
    }

    [Fact]
    public async Task A_body_that_is_not_one_message_is_refused()
    {
        var frame = GrpcClient.Frame(InferMessage.Iris());
        foreach (var body in (byte[][])[[], frame[..3], frame[..^1], [.. frame, 0], [.. frame, .. frame]])
        {
            var answer = await server.Client.SendAsync(GrpcClient.Inference + "ModelInfer", body);
            answer.Code.Should().Be(InvalidArgument);
        }
    }

    [Fact]
    public async Task A_compressed_message_is_taken_and_answered_plainly_to_who_takes_nothing_else()
    {
        var answer = await server.Client.SendAsync(
            GrpcClient.Inference + "ModelInfer", GrpcClient.Frame(Gzip(Rows(200)), flag: 1), ("grpc-encoding", "gzip"));
        answer.Code.Should().Be(0, answer.Message);
        answer.IsCompressed.Should().BeFalse();
        answer.Fields.Messages(5)[1].Packed(3).Should().Equal(200, 3);
    }

    [Fact]
    public async Task Who_compresses_and_takes_gzip_gets_gzip()
    {
        var answer = await server.Client.SendAsync(
            GrpcClient.Inference + "ModelInfer",
            GrpcClient.Frame(Gzip(Rows(200)), flag: 1),
            ("grpc-encoding", "gzip"),
            ("grpc-accept-encoding", "identity, deflate, gzip"));
        answer.Code.Should().Be(0, answer.Message);
        answer.IsCompressed.Should().BeTrue();
        answer.Headers["grpc-encoding"].Should().Be("gzip");
        answer.Fields.Messages(5)[1].Packed(3).Should().Equal(200, 3);
    }

    [Fact]
    public async Task A_short_answer_is_not_worth_compressing_and_who_sends_plainly_is_answered_plainly()
    {
        var small = await server.Client.SendAsync(
            GrpcClient.Inference + "ModelInfer",
            GrpcClient.Frame(Gzip(InferMessage.Iris()), flag: 1),
            ("grpc-encoding", "gzip"),
            ("grpc-accept-encoding", "gzip"));
        small.IsCompressed.Should().BeFalse();
        small.Headers.Should().NotContainKey("grpc-encoding");
        (await server.Client.InferAsync(Rows(200), ("grpc-accept-encoding", "gzip"))).IsCompressed.Should().BeFalse();
    }

    [Fact]
    public async Task A_compressed_message_without_a_coding_is_an_internal_error_as_grpc_has_it()
    {
        var answer = await server.Client.SendAsync(
            GrpcClient.Inference + "ModelInfer", GrpcClient.Frame(Gzip(InferMessage.Iris()), flag: 1));
        answer.Code.Should().Be(Internal);
        answer.Message.Should().Contain("grpc-encoding");
    }

    [Fact]
    public async Task An_unknown_coding_is_unimplemented_and_the_answer_names_the_known_ones()
    {
        var answer = await server.Client.InferAsync(InferMessage.Iris(), ("grpc-encoding", "snappy"));
        answer.Code.Should().Be(Unimplemented);
        answer.Headers["grpc-accept-encoding"].Should().Be("identity,gzip");
        answer.Message.Should().Be("grpc-encoding \"snappy\" is not taken here; identity,gzip are.");
    }

    [Fact]
    public async Task A_message_up_to_the_limit_is_read_and_a_longer_one_is_refused()
    {
        var room = (int)GrpcServer.MaxBody - InferMessage.To("none").Bytes(99, new byte[1 << 18]).ToArray().Length + (1 << 18);
        var most = InferMessage.To("none").Bytes(99, new byte[room]).ToArray();
        most.Length.Should().Be((int)GrpcServer.MaxBody);
        (await server.Client.InferAsync(most)).Message.Should().Be("Model \"none\" does not exist.");
        var answer = await server.Client.InferAsync([.. most, 0]);
        answer.Code.Should().Be(ResourceExhausted);
        answer.Message.Should().Contain($"{GrpcServer.MaxBody}");
    }

    [Fact]
    public async Task A_bomb_is_refused_before_it_fills_the_memory()
    {
        var answer = await server.Client.SendAsync(
            GrpcClient.Inference + "ModelInfer",
            GrpcClient.Frame(Gzip(new byte[100 << 20]), flag: 1),
            ("grpc-encoding", "gzip"));
        answer.Code.Should().Be(ResourceExhausted);
        answer.Message.Should().Be($"The message inflates to more than the {GrpcServer.MaxBody} bytes that this server takes.");
    }

    [Fact]
    public async Task A_timeout_that_is_none_is_refused()
    {
        var answer = await server.Client.InferAsync(InferMessage.Iris(), ("grpc-timeout", "soon"));
        answer.Code.Should().Be(InvalidArgument);
        answer.Message.Should().StartWith("grpc-timeout \"soon\" is not");
    }

    [Fact]
    public async Task Requests_to_models_are_counted_by_their_status()
    {
        const string Ok = "sluice_requests_total{model=\"FP32\",version=\"1\",revision=\"grpc-test\",protocol=\"grpc\",code=\"0\"}";
        const string Bad = "sluice_requests_total{model=\"FP64\",version=\"1\",revision=\"grpc-test\",protocol=\"grpc\",code=\"3\"}";
        const string Took = "sluice_request_duration_seconds_count{model=\"FP32\",version=\"1\",revision=\"grpc-test\",protocol=\"grpc\"}";
        var before = (server.Metric(Ok), server.Metric(Bad), server.Metric(Took));
        var good = InferMessage.To("FP32").Typed("x", "FP32", [1, 1], InferMessage.Floats(1)).ToArray();
        (await server.Client.InferAsync(good)).Code.Should().Be(0);
        (await server.Client.InferAsync(InferMessage.To("FP64").ToArray())).Code.Should().Be(InvalidArgument);
        (server.Metric(Ok), server.Metric(Bad), server.Metric(Took))
            .Should().Be((before.Item1 + 1, before.Item2 + 1, before.Item3 + 1));
        server.Metric("sluice_requests_in_flight{model=\"FP32\"").Should().Be(0);
    }

    /// <summary>A request whose answer is long and compresses well.</summary>
    private static byte[] Rows(int rows) => InferMessage.To("iris").Input("input", "FP32", rows, 4)
        .Contents([.. Enumerable.Repeat(InferMessage.Bytes(5.1f, 3.5f, 1.4f, 0.2f), rows).SelectMany(b => b)]).ToArray();

    private static byte[] Gzip(byte[] message)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            gzip.Write(message);
        return zipped.ToArray();
    }
}
