using System.Buffers.Binary;
using System.Text;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Protocols;

public sealed class BinaryTests : IDisposable
{
    private const string Header = "Inference-Header-Content-Length";
    private const string Binary = """{"inputs":[{"name":"input","shape":[2,4],"datatype":"FP32","parameters":{"binary_data_size":32}}]}""";
    private static readonly float[] Rows = [5.1f, 3.5f, 1.4f, 0.2f, 6.3f, 3.3f, 6.0f, 2.5f];

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-id").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Raw_input_gives_the_answer_of_JSON_input()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");
        var json = await runtime.PostAsync(
            "/v2/models/iris/infer", """{"inputs":[{"name":"input","shape":[2,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2,6.3,3.3,6.0,2.5]}]}""");

        var answer = await SendAsync(runtime, "iris", Binary, Bytes(Rows));

        answer.Status.Should().Be(200, answer.Text);
        answer.Text.Should().Be(json.Text);
    }

    [Fact]
    public async Task Outputs_are_raw_when_asked_for_each_or_for_all()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");
        var one = await SendAsync(
            runtime, "iris", Binary.Insert(1, """ "outputs":[{"name":"label"},{"name":"probabilities","parameters":{"binary_data":true}}], """), Bytes(Rows));
        var all = await SendAsync(runtime, "iris", Binary.Insert(1, """ "parameters":{"binary_data_output":true}, """), Bytes(Rows));

        var (json, rest) = Split(one);
        json.GetProperty("outputs")[0].GetProperty("data").GetArrayLength().Should().Be(2);
        json.GetProperty("outputs")[1].GetProperty("parameters").GetProperty("binary_data_size").GetInt32().Should().Be(24);
        rest.Length.Should().Be(24);
        one.Headers["Content-Type"].Should().Be("application/octet-stream");
        (json, rest) = Split(all);
        json.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32().Should().Be(16);
        rest.Length.Should().Be(16 + 24);
        BinaryPrimitives.ReadInt64LittleEndian(rest.AsSpan(8)).Should().Be(2);
    }

    [Fact]
    public async Task A_raw_request_is_nothing_but_the_input()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");

        var answer = await SendAsync(runtime, "iris", string.Empty, Bytes(Rows));

        answer.Status.Should().Be(200, answer.Text);
        Split(answer).Raw.Length.Should().Be(16 + 24);
    }

    [Fact]
    public async Task Strings_travel_with_their_lengths()
    {
        await using var runtime = await TestRuntime.StartAsync("text/1", "text");
        byte[][] texts = [[0x61, 0, 0x62], [], [0xff, 0xfe], Encoding.UTF8.GetBytes("kötü")];
        var raw = texts.SelectMany(t => BitConverter.GetBytes(t.Length).Concat(t)).ToArray();

        var answer = await SendAsync(
            runtime,
            "text",
            $$$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"text","shape":[4],"datatype":"BYTES","parameters":{"binary_data_size":{{{raw.Length}}}}}]}""",
            raw);

        Split(answer).Raw[..raw.Length].Should().Equal(raw);
    }

    [Theory]
    [InlineData(4 << 20)]
    [InlineData(300_000)]
    [InlineData(0)]
    public async Task Any_amount_goes_through_unchanged(int bytes)
    {
        var file = new OnnxWriter().Input("x", OnnxTypes.Tensor(1, "n")).Output("y", OnnxTypes.Tensor(1, "n"))
            .Node("Identity", ["x"], ["y"]).Save(folder);
        await using var runtime = await TestRuntime.StartAsync(file, "id");
        var data = new byte[bytes];
        new Random(3).NextBytes(data);

        var answer = await SendAsync(runtime, "id", string.Empty, data);

        Split(answer).Raw.Should().Equal(data);
    }

    [Fact]
    public async Task The_highest_classes_are_named()
    {
        await using var runtime = await TestRuntime.StartAsync("credit/1", "credit");

        var answer = await runtime.PostAsync(
            "/v2/models/credit/infer",
            V2Tests.CreditRequest.Insert(1, """ "outputs":[{"name":"output_probability","parameters":{"classification":1}}], """));

        var output = answer.Json.GetProperty("outputs")[0];
        output.GetProperty("datatype").GetString().Should().Be("BYTES");
        output.GetProperty("shape").GetRawText().Should().Be("[2,1]");
        output.GetProperty("data")[0].GetString().Should().MatchRegex(@"^0\.99\d*:1:1$");
        output.GetProperty("data")[1].GetString().Should().MatchRegex(@"^0\.99\d*:0:0$");
    }

    [Theory]
    [InlineData(31, 32, 0, "body has 31")]
    [InlineData(33, 32, 0, "goes on")]
    [InlineData(32, 31, 0, "binary_data_size of 31*needs 32")]
    [InlineData(32, 32, 1000, "says 1*the body has")]
    [InlineData(32, 32, -3, "JSON")]
    public async Task Sizes_that_do_not_fit_are_told(int bytes, int announced, int headerError, string message)
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");
        var json = Encoding.UTF8.GetBytes(Binary.Replace("size\":32", $"size\":{announced}"));

        var answer = await runtime.SendAsync(
            HttpMethod.Post, "/v2/models/iris/infer", [.. json, .. new byte[bytes]], "application/octet-stream", (Header, $"{json.Length + headerError}"));

        answer.Status.Should().Be(400, answer.Text);
        answer.Error.Should().Match($"*{message}*");
    }

    private static Task<Answer> SendAsync(TestRuntime runtime, string model, string json, byte[] raw)
    {
        var start = Encoding.UTF8.GetBytes(json);
        return runtime.SendAsync(
            HttpMethod.Post, $"/v2/models/{model}/infer", [.. start, .. raw], "application/octet-stream", (Header, $"{start.Length}"));
    }

    private static (System.Text.Json.JsonElement Json, byte[] Raw) Split(Answer answer)
    {
        answer.Status.Should().Be(200, answer.Text);
        var length = int.Parse(answer.Headers[Header]);
        return ((answer with { Body = answer.Body[..length] }).Json, answer.Body[length..]);
    }

    private static byte[] Bytes(float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
