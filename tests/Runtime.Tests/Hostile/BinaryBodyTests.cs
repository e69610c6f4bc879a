using System.Globalization;
using System.Text;

namespace Sluice.Runtime.Tests.Hostile;

/// <summary>The binary tensor extension, where lengths are announced in three places that need not agree.</summary>
public sealed class BinaryBodyTests(HostileServer server) : IClassFixture<HostileServer>
{
    private const string Header = "Inference-Header-Content-Length";
    private const string Json = """{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}}]}""";

    [Theory]
    [InlineData("-1")]
    [InlineData("115")]
    [InlineData("9999999999")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999")]
    [InlineData("many")]
    [InlineData("")]
    [InlineData("98.0")]
    [InlineData("0x62")]
    [InlineData("98, 98")]
    [InlineData("+98")]
    [InlineData("1")]
    [InlineData("97")]
    [InlineData("99")]
    [InlineData("0")]
    public async Task A_header_length_that_is_not_the_length_is_refused(string length)
    {
        foreach (var chunked in new[] { false, true })
            await server.RefusedAsync(await SendAsync(Json, new byte[16], length, chunked));
    }

    [Theory]
    [InlineData("16.5")]
    [InlineData("-16")]
    [InlineData("\"16\"")]
    [InlineData("15")]
    [InlineData("17")]
    [InlineData("0")]
    [InlineData("4294967312")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("1e1")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task A_size_that_is_not_the_size_is_refused(string size)
    {
        var json = Json.Replace(":16}", $":{size}}}", StringComparison.Ordinal);
        foreach (var chunked in new[] { false, true })
            await server.RefusedAsync(await SendAsync(json, new byte[16], chunked: chunked));
    }

    [Theory]
    [InlineData("1099511627776,4", 17592186044416)]
    [InlineData("250000000,4", 4000000000)]
    [InlineData("4611686018427387904,4", 16)]
    [InlineData("4611686018427387904,1", 16)]
    [InlineData("2305843009213693952,2", 16)]
    [InlineData("-1,4", 16)]
    [InlineData("-1,-4", 16)]
    [InlineData("0,4", 16)]
    public async Task A_shape_that_the_body_cannot_fill_reserves_nothing(string shape, long size)
    {
        var json = Request("input", shape, "FP32", size);
        foreach (var chunked in new[] { false, true })
            (await SendAsync(json, new byte[16], chunked: chunked)).Status.Should().BeOneOf([400, 413], shape);
        await server.StillAnswersAsync();
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 5, 0, 0, 0, 97 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 97 })]
    [InlineData(new byte[] { 255, 255, 255, 127, 97 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { })]
    public async Task Strings_whose_lengths_lie_are_refused(byte[] raw)
    {
        var json = Request("text", "1", "BYTES", raw.Length);

        await server.RefusedAsync(await SendAsync(json, raw, model: "text"));
    }

    [Fact]
    public async Task A_count_of_strings_that_cannot_be_reserves_nothing()
    {
        foreach (var count in new[] { "1000000000", "9223372036854775807" })
            await server.RefusedAsync(await SendAsync(Request("text", count, "BYTES", 8), new byte[8], model: "text"));
    }

    [Theory]
    [InlineData(""","data":[1,2,3,4]""")]
    [InlineData(""","data":[]""")]
    [InlineData(""","parameters":{"binary_data_size":16}""")]
    public async Task An_input_with_two_contents_is_refused(string more)
    {
        var json = Json.Insert(Json.IndexOf("}]}", StringComparison.Ordinal), more);

        await server.RefusedAsync(await SendAsync(json, new byte[16]));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 255)]
    [InlineData(0, 128)]
    public async Task A_bool_that_is_neither_0_nor_1_is_refused(int at, byte value)
    {
        var json = Request("x", "1,3", "BOOL", 3);
        var raw = new byte[] { 1, 0, 1 };
        (await SendAsync(json, raw, model: "BOOL")).Status.Should().Be(200);
        (await SendAsync(string.Empty, raw[..1], model: "BOOL")).Status.Should().Be(400, "two dimensions vary");
        raw[at] = value;

        foreach (var chunked in new[] { false, true })
        {
            var error = await server.RefusedAsync(await SendAsync(json, raw, chunked: chunked, model: "BOOL"));
            error.Should().Contain("\"x\"").And.Contain($"element {at} is the byte {value}");
        }
    }

    [Fact]
    public async Task What_a_chunked_body_claims_is_measured_against_what_came()
    {
        var claim = "{\"inputs\":[{\"name\":\"input\",\"shape\":[250000000,4],\"datatype\":\"FP32\",\"parameters\":{}}]}";

        var error = await server.RefusedAsync(await SendAsync(claim, new byte[16], chunked: true));

        error.Should().Contain("needs 4000000000 bytes; the body has 16 left");
    }

    [Fact]
    public async Task A_connection_goes_on_after_each_kind_of_refusal()
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        foreach (var (json, raw) in new[]
        {
            (Json.Replace("input\"", "other\"", StringComparison.Ordinal), 16),
            (Json, 17),
            (Json, 15),
            ("{", 16),
            (Json.Replace("FP32", "BYTES", StringComparison.Ordinal), 16),
        })
        {
            await connection.SendAsync(
                $"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\n{Header}: {json.Length}\r\nContent-Length: {json.Length + raw}\r\n\r\n{json}{new string('\0', raw)}");
            (await connection.ReadAsync())!.Status.Should().Be(400, json);
        }

        await connection.SendAsync(
            $"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\n{Header}: {Json.Length}\r\nContent-Length: {Json.Length + 16}\r\n\r\n{Json}{new string('\0', 16)}");
        (await connection.ReadAsync())!.Status.Should().Be(200);
    }

    private static string Request(string name, string shape, string type, long size) =>
        "{\"inputs\":[{\"name\":\"" + name + "\",\"shape\":[" + shape + "],\"datatype\":\"" + type
        + "\",\"parameters\":{\"binary_data_size\":" + size.ToString(CultureInfo.InvariantCulture) + "}}]}";

    private async Task<Answer> SendAsync(string json, byte[] raw, string? length = null, bool chunked = false, string model = "iris")
    {
        var text = Encoding.UTF8.GetBytes(json);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer")
        {
            Content = new ByteArrayContent([.. text, .. raw]),
        };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Headers.TryAddWithoutValidation(Header, length ?? text.Length.ToString(CultureInfo.InvariantCulture));
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await server.Runtime.Client.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            await response.Content.ReadAsByteArrayAsync(),
            new Dictionary<string, string> { ["Content-Type"] = response.Content.Headers.ContentType?.ToString() ?? "" });
    }
}
