using System.IO.Compression;
using System.Text;

namespace Sluice.Runtime.Tests.Hostile;

/// <summary>Bodies that are packed, endless, deeply nested or say what cannot be.</summary>
public sealed class BodyTests(HostileServer server) : IClassFixture<HostileServer>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-hostile-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private const int Depth = 250_000;
    private static readonly string[] Paths = ["/v2/models/iris/infer", "/v1/models/iris:predict"];

    [Theory]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    [InlineData("gzip, gzip")]
    [InlineData("gzip\", \"x")]
    public async Task A_packing_that_is_not_known_is_refused_unread(string encoding)
    {
        foreach (var path in Paths)
        {
            var answer = await server.Runtime.SendAsync(HttpMethod.Post, path, Pack([]), headers: ("Content-Encoding", encoding));

            (await server.RefusedAsync(answer, 415)).Should().Contain("Content-Encoding").And.Contain("gzip or none");
        }
    }

    [Fact]
    public async Task A_bomb_goes_off_at_the_bound()
    {
        var bomb = Pack(new byte[100 << 20]);
        bomb.Length.Should().BeLessThan(200_000);

        foreach (var path in Paths)
            await server.RefusedAsync(await server.Runtime.SendAsync(HttpMethod.Post, path, bomb, headers: ("Content-Encoding", "gzip")), 413);
    }

    [Fact]
    public async Task A_packed_body_in_chunks_is_read()
    {
        var packed = Encoding.Latin1.GetString(Pack(Encoding.UTF8.GetBytes(HostileServer.Good)));
        var chunks = string.Concat(packed.Chunk(7).Select(c => $"{c.Length:x}\r\n{new string(c)}\r\n"));

        var answer = await server.RawAsync(
            $"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");

        answer!.Status.Should().Be(200, answer.Text);
    }

    public static TheoryData<byte[]> Broken()
    {
        var packed = Pack(Encoding.UTF8.GetBytes(HostileServer.Good));
        var flipped = packed.ToArray();
        flipped[packed.Length / 2] ^= 0x40;
        return [[], [0x1f, 0x8b], packed[..(packed.Length / 2)], flipped, packed[1..], Encoding.UTF8.GetBytes(HostileServer.Good)];
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Broken_packing_is_refused(byte[] packed)
    {
        foreach (var path in Paths)
            await server.RefusedAsync(await server.Runtime.SendAsync(HttpMethod.Post, path, packed, headers: ("Content-Encoding", "gzip")));
    }

    [Fact]
    public async Task The_encoding_that_is_none_is_fine()
    {
        var answer = await server.Runtime.SendAsync(
            HttpMethod.Post, "/v2/models/iris/infer", Encoding.UTF8.GetBytes(HostileServer.Good), headers: ("Content-Encoding", "identity"));

        answer.Status.Should().Be(200, answer.Text);
    }

    [Fact]
    public async Task A_body_in_chunks_of_one_byte_is_read()
    {
        var chunks = string.Concat(HostileServer.Good.Select(c => $"1;extension=\"x\"\r\n{c}\r\n"));

        var answer = await server.RawAsync(
            $"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\nTrailer: t\r\n\r\n");

        answer!.Status.Should().Be(200, answer.Text);
    }

    [Theory]
    [InlineData("-1\r\n")]
    [InlineData("g\r\n")]
    [InlineData("ffffffffffffffff\r\n{}")]
    [InlineData("7fffffffffffffff0\r\n{}")]
    [InlineData("2\r\n{}}}\r\n0\r\n\r\n")]
    public async Task Broken_chunks_are_refused(string chunks)
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync($"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        connection.CloseSending();

        var answer = await connection.ReadAsync();

        answer?.Status.Should().BeOneOf(400, 413);
        await server.StillAnswersAsync();
    }

    [Theory]
    [InlineData("99999999999", 413)]
    [InlineData("9223372036854775807", 413)]
    [InlineData("9223372036854775808", 400)]
    [InlineData("-1", 400)]
    [InlineData("1e3", 400)]
    public async Task A_length_that_cannot_be_is_refused_at_once(string length, int status)
    {
        var answer = await server.RawAsync($"POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{{");

        answer!.Status.Should().Be(status);
        await server.StillAnswersAsync();
    }

    [Fact]
    public async Task An_endless_body_ends_at_the_bound()
    {
        await using var small = await HostileServer.StartAsync(folder, s => s with { MaxBody = 1 << 20 });
        await using var connection = await RawConnection.OpenAsync(small.Server.Http);
        await connection.SendAsync("POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string(' ', 0x10000) + "\r\n");

        var answering = connection.ReadAsync();
        for (var i = 0; i < 17; i++)
            await connection.SendAsync(chunk);

        var answer = await answering;
        answer!.Status.Should().Be(413, answer.Text);
        answer.Error.Should().Contain("larger");
    }

    public static TheoryData<string> Nested() =>
    [
        new string('[', Depth),
        "{\"inputs\":" + new string('[', Depth) + new string(']', Depth) + "}",
        "{\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":" + new string('[', Depth) + "1" + new string(']', Depth) + "}]}",
        "{\"inputs\":[{\"name\":\"input\",\"shape\":" + new string('[', Depth) + "}]}",
        "{\"other\":" + string.Concat(Enumerable.Repeat("{\"a\":", Depth)) + "1" + new string('}', Depth) + "}",
        "{\"parameters\":" + string.Concat(Enumerable.Repeat("{\"a\":", Depth)) + "}",
        "{\"instances\":" + new string('[', Depth) + new string(']', Depth) + "}",
        "{\"instances\":[" + string.Concat(Enumerable.Repeat("{\"input\":", Depth)) + "}",
        "{\"id\":" + new string('[', Depth),
    ];

    [Theory]
    [MemberData(nameof(Nested))]
    public async Task Nesting_without_end_is_refused(string body)
    {
        await server.RefusedAsync(await server.InferAsync(body));
        await server.RefusedAsync(await server.PredictAsync(body));
    }

    [Theory]
    [InlineData("4294967296,4294967296")]
    [InlineData("9223372036854775807,9223372036854775807")]
    [InlineData("0,9223372036854775807,9223372036854775807")]
    [InlineData("65536,65536,65536,65536")]
    [InlineData("2147483648,2")]
    [InlineData("-1,4")]
    [InlineData("-9223372036854775808,4")]
    [InlineData("1,-4,-1")]
    [InlineData("9223372036854775808,1")]
    [InlineData("1.5,4")]
    [InlineData("1e0,4")]
    [InlineData("\"1\",4")]
    [InlineData("null,4")]
    [InlineData("[1],4")]
    [InlineData("1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,4")]
    public async Task A_shape_that_cannot_be_is_refused(string shape)
    {
        await server.RefusedAsync(await server.InferAsync(
            $$"""{"inputs":[{"name":"input","shape":[{{shape}}],"datatype":"FP32","data":[1,2,3,4]}]}"""));
    }

    [Theory]
    [InlineData("types", "i32", "INT32", "2147483648")]
    [InlineData("types", "i8", "INT8", "128")]
    [InlineData("types", "u8", "UINT8", "-1")]
    [InlineData("types", "u64", "UINT64", "18446744073709551616")]
    [InlineData("types", "i64", "INT64", "1e400")]
    [InlineData("types", "i64", "INT64", "0.5")]
    [InlineData("types", "i64", "INT64", "79228162514264337593543950336")]
    [InlineData("types", "f32", "FP32", "1e39")]
    [InlineData("types", "f64", "FP64", "-1e999999999999999999999")]
    [InlineData("types", "b", "BOOL", "2")]
    [InlineData("text", "text", "BYTES", "1")]
    public async Task A_number_beyond_its_type_is_refused(string model, string input, string type, string number)
    {
        var error = await server.RefusedAsync(await server.InferAsync(
            $$"""{"inputs":[{"name":"{{input}}","shape":[1,2],"datatype":"{{type}}","data":[{{number}},{{number}}]}]}""", model));

        error.Should().Contain($"\"{input}\"").And.Contain(type);
    }

    [Fact]
    public async Task A_number_of_a_million_digits_is_no_more_work_than_its_length()
    {
        var digits = new string('1', 1_000_000);
        foreach (var number in new[] { digits, "0." + digits, "1e" + digits, "-" + digits + "e-999999" })
        {
            foreach (var (input, type) in new[] { ("f64", "FP64"), ("f32", "FP32"), ("i64", "INT64"), ("u64", "UINT64"), ("b", "BOOL") })
            {
                var answer = await server.InferAsync(
                    $$"""{"inputs":[{"name":"{{input}}","shape":[1,2],"datatype":"{{type}}","data":[1,{{number}}]}]}""", "types");
                answer.Status.Should().Be(400);
                answer.Body.Length.Should().BeLessThan(2000, "the answer holds an excerpt");
            }
        }
        await server.StillAnswersAsync();
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"input","name":"other","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""")]
    [InlineData("""{"inputs":[{"name":"input","name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","datatype":"FP32","data":[1,2,3,4]}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4],"data":[1,2,3,4]}]}""")]
    [InlineData("""{"inputs":[{"data":[1,2,3,4],"data":[1,2,3,4],"name":"input","shape":[1,4],"datatype":"FP32"}]}""")]
    [InlineData("""{"inputs":[],"inputs":[]}""")]
    [InlineData("""{"id":"a","id":"b","inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""")]
    [InlineData("""{"outputs":[{"name":"label"},{"name":"label"}],"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""")]
    [InlineData("""{"outputs":[{"name":"label","name":"label"}],"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""")]
    [InlineData("""{"outputs":[],"outputs":[{"name":"label"}],"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""")]
    public async Task What_is_said_twice_is_refused(string body) => await server.RefusedAsync(await server.InferAsync(body));

    public static TheoryData<byte[]> NotUtf8()
    {
        var data = new TheoryData<byte[]>();
        foreach (var template in new[]
        {
            "{\"inputs\":[{\"name\":\"?\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}",
            "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,4],\"datatype\":\"?\",\"data\":[1,2,3,4]}]}",
            "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,\"?\"]}]}",
            "{\"id\":\"?\",\"inputs\":[{\"name\":\"input\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}",
            "{\"parameters\":{\"?\":1},\"inputs\":[{\"name\":\"input\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}",
            "{\"outputs\":[{\"name\":\"?\"}],\"inputs\":[{\"name\":\"input\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}",
            "?",
        })
        {
            foreach (var bad in new byte[][] { [0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82] })
            {
                var at = template.IndexOf('?', StringComparison.Ordinal);
                data.Add([.. Encoding.ASCII.GetBytes(template[..at]), .. bad, .. Encoding.ASCII.GetBytes(template[(at + 1)..])]);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(NotUtf8))]
    public async Task Text_that_is_not_UTF_8_is_refused_and_never_sent_back(byte[] body) =>
        await server.RefusedAsync(await server.Runtime.SendAsync(HttpMethod.Post, "/v2/models/iris/infer", body));

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00\\ud800")]
    public async Task Half_a_surrogate_is_no_text(string escape)
    {
        await server.RefusedAsync(await server.InferAsync(
            $$"""{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["{{escape}}"]}]}""", "text"));
        await server.RefusedAsync(await server.InferAsync(HostileServer.Good.Replace("\"input\"", $"\"{escape}\"", StringComparison.Ordinal)));
    }

    private static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(plain);
        return packed.ToArray();
    }
}
