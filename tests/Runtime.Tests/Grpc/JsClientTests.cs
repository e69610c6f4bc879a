using System.Text.Json;
using Sluice.Runtime.Tests.Grpc.Support;

namespace Sluice.Runtime.Tests.Grpc;

/// <summary>All calls by a real client, which has its own ideas of HTTP/2, framing, deadlines and compression.</summary>
public sealed class JsClientTests(JsClientTests.Calls calls) : IClassFixture<JsClientTests.Calls>
{
    private const string Probabilities = "0.9742083549499512";

    [Theory]
    [InlineData("live", """{"live":true}""")]
    [InlineData("ready", """{"ready":true}""")]
    [InlineData("model_ready", """{"ready":true}""")]
    [InlineData("health", """{"status":"SERVING"}""")]
    [InlineData("gzip_unary", """{"live":true}""")]
    public void A_question_is_answered(string scenario, string answer)
    {
        calls[scenario].GetProperty("code").GetInt32().Should().Be(0);
        calls[scenario].GetProperty("answer").GetRawText().Should().Be(answer);
    }

    [Fact]
    public void The_server_and_the_model_describe_themselves()
    {
        Answer("server").GetProperty("name").GetString().Should().Be("sluice-runtime");
        Answer("model").GetRawText().Should().Be(
            """{"name":"iris","versions":["1","2"],"platform":"onnx_onnxv1","inputs":[{"name":"input","datatype":"FP32","shape":["-1","4"]}],"outputs":[{"name":"label","datatype":"INT64","shape":["-1"]},{"name":"probabilities","datatype":"FP32","shape":["-1","3"]}]}""");
    }

    [Fact]
    public void Typed_tensors_id_and_parameters_come_back()
    {
        Answer("typed").GetRawText().Should().StartWith(
            """{"model_name":"iris","model_version":"2","id":"from-js","parameters":{"text":{"string_param":"ä"},"number":{"int64_param":"-9007199254740993"}},"outputs":[{"name":"label","datatype":"INT64","shape":["1"],"contents":{"int64_contents":["0"]}},{"name":"probabilities","datatype":"FP32","shape":["1","3"],"contents":{"fp32_contents":["""
            + Probabilities);
    }

    [Fact]
    public void Raw_tensors_come_back_raw()
    {
        var raw = Answer("raw").GetProperty("raw_output_contents");
        var label = Bytes(raw[0]);
        label.Should().Equal(new byte[8]);
        BitConverter.ToSingle(Bytes(raw[1])).Should().Be(0.97420835f);
        Answer("raw").GetProperty("outputs")[0].TryGetProperty("contents", out _).Should().BeFalse();
    }

    [Fact]
    public void Strings_come_back()
    {
        var contents = Answer("strings").GetProperty("outputs")[0].GetProperty("contents").GetProperty("bytes_contents");
        contents.EnumerateArray().Select(e => System.Text.Encoding.UTF8.GetString(Bytes(e))).Should().Equal("iyi", "kötü", "");
    }

    [Fact]
    public void Metadata_tells_the_request_and_the_revision()
    {
        var metadata = calls["metadata"].GetProperty("metadata");
        metadata.GetProperty("x-request-id").GetString().Should().Be("js-7");
        metadata.GetProperty("x-sluice-revision").GetString().Should().Be("grpc-test");
    }

    [Theory]
    [InlineData("unknown_model", 5, "Model \"nö\" does not exist.")]
    [InlineData("bad_input", 3, "Input \"input\" has 4 raw bytes; FP32 [1, 4] needs 16.")]
    [InlineData("too_large", 8, "The message*")]
    [InlineData("unimplemented", 12, "There is no method /inference.GRPCInferenceService/RepositoryIndex here.")]
    [InlineData("health_unknown", 5, "There is no service \"nobody\" here.")]
    [InlineData("deadline", 4, "*")]
    [InlineData("cancelled", 1, "*")]
    public void What_goes_wrong_has_a_status_and_a_message(string scenario, int code, string details)
    {
        calls[scenario].GetProperty("details").GetString().Should().Match(details);
        calls[scenario].GetProperty("code").GetInt32().Should().Be(code);
    }

    [Fact]
    public void A_compressed_request_is_answered()
    {
        var output = Answer("gzip").GetProperty("outputs")[1];
        output.GetProperty("shape")[0].GetString().Should().Be("300");
        output.GetProperty("contents").GetProperty("fp32_contents").GetArrayLength().Should().Be(900);
    }

    [Fact]
    public void Health_is_watched_until_the_client_has_enough()
    {
        calls["watch"].GetProperty("seen")[0].GetString().Should().Be("SERVING");
        calls["watch"].GetProperty("code").GetInt32().Should().Be(1);
    }

    [Fact]
    public void A_thousand_calls_at_a_time_each_get_their_own_answer()
    {
        calls["many"].GetProperty("code").GetInt32().Should().Be(0);
        calls["many"].GetProperty("right").GetInt32().Should().Be(1000);
    }

    private JsonElement Answer(string scenario)
    {
        calls[scenario].GetProperty("code").GetInt32().Should().Be(0, calls[scenario].GetRawText());
        return calls[scenario].GetProperty("answer");
    }

    /// <summary>As Node.js writes a Buffer.</summary>
    private static byte[] Bytes(JsonElement buffer) =>
        [.. buffer.GetProperty("data").EnumerateArray().Select(b => b.GetByte())];

    /// <summary>Makes the calls once for all tests.</summary>
    public sealed class Calls : IAsyncLifetime
    {
        private readonly GrpcServer server = new();
        private JsonElement results;

        internal JsonElement this[string scenario] => results.GetProperty(scenario);

        public async Task InitializeAsync()
        {
            await server.InitializeAsync();
            results = await JsClient.CallsAsync(server.Runtime.Grpc);
        }

        public Task DisposeAsync() => server.DisposeAsync();
    }
}
