using System.IO.Compression;
using System.Text;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support;
using Sluice.Support.Measuring;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Hostile;

/// <summary>What large requests take is given back. Seen from outside, on a process that does nothing else.</summary>
public sealed class MemoryTests
{
    private const int Bombs = 24;
    private const int InvalidArgument = 3;
    private const long MaxGrowth = 32L << 20;

    [Fact]
    public async Task Memory_stays_where_it_was_after_many_large_requests()
    {
        await using var server = await RuntimeProgram.StartAsync(TestModels.Folder("iris"), "--name", "iris");
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Http };
        var rows = string.Join(',', Enumerable.Repeat("[5.1,3.5,1.4,0.2]", 50_000));
        var body = Encoding.UTF8.GetBytes($$"""{"instances":[{{rows}}]}""");
        await SendAsync(client, body, 20);
        var before = server.Memory;

        await SendAsync(client, body, 60);

        Measured.Report("memory after 60 requests of 0.9 MB", $"{before >> 20} MB and {(server.Memory - before) >> 20} MB more");
        // The collector hands pages back in its own time, so growth is what remains after a while without requests.
        await Eventually.TrueAsync(() => server.Memory - before < MaxGrowth, () => $"{before} bytes became {server.Memory}");
    }

    [Fact]
    public async Task Many_bombs_at_once_take_no_more_memory_than_a_few()
    {
        await using var server = await RuntimeProgram.StartAsync(TestModels.Folder("iris"), "--name", "iris");
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Http };
        // Each unpacks to spaces just below the bound, so none is refused before all of it is there.
        var bomb = Pack(60 << 20);

        var answers = await Task.WhenAll(Enumerable.Range(0, Bombs).Select(_ => ThrowAsync(client, bomb)));

        answers.Should().OnlyContain(status => status == 400);
        Measured.Report($"peak memory under {Bombs} bombs of 60 MB at once", $"{server.PeakMemory >> 20} MB");
        // What is unpacked at a time is bounded by the largest body, so only one of them is there at a time.
        server.PeakMemory.Should().BeLessThan(6 * (60L << 20));
    }

    [Fact]
    public async Task Many_bombs_at_once_over_gRPC_take_no_more_memory_than_a_few()
    {
        await using var server = await RuntimeProgram.StartAsync(TestModels.Folder("iris"), "--name", "iris");
        using var client = new GrpcClient(server.Grpc);
        var bomb = GrpcClient.Frame(Pack(60 << 20), flag: 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, Bombs).Select(_ =>
            client.SendAsync(GrpcClient.Inference + "ModelInfer", bomb, ("grpc-encoding", "gzip"))));

        answers.Should().OnlyContain(answer => answer.Code == InvalidArgument);
        Measured.Report($"peak memory under {Bombs} bombs of 60 MB at once over gRPC", $"{server.PeakMemory >> 20} MB");
        server.PeakMemory.Should().BeLessThan(6 * (60L << 20));
    }

    [Fact]
    public async Task What_ONNX_Runtime_took_for_a_huge_request_is_given_back_by_the_next()
    {
        const int Rows = 2_000_000;
        await using var server = await RuntimeProgram.StartAsync(TestModels.Folder("iris"), "--name", "iris");
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Http };
        await InferAsync(client, rows: 1);
        var before = server.Memory;

        // Its outputs alone take 40 MB of ONNX Runtime's arena.
        await InferAsync(client, Rows);
        await InferAsync(client, rows: 1);

        Measured.Report($"memory after a request of {Rows * 16 >> 20} MB", $"{before >> 20} MB, at most {server.PeakMemory >> 20} MB, and {server.Memory >> 20} MB after the next");
        server.PeakMemory.Should().BeGreaterThan(before + (2 * MaxGrowth));
        await Eventually.TrueAsync(() => server.Memory - before < MaxGrowth, () => $"{before} bytes became {server.Memory}");
    }

    private static async Task InferAsync(HttpClient client, int rows)
    {
        var json = Encoding.UTF8.GetBytes(
            $$$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"input","shape":[{{{rows}}},4],"datatype":"FP32"}]}""");
        using var content = new ByteArrayContent([.. json, .. new byte[rows * 4 * sizeof(float)]]);
        content.Headers.ContentType = new("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        using var answer = await client.PostAsync("/v2/models/iris/versions/2/infer", content);
        ((int)answer.StatusCode).Should().Be(200);
        await answer.Content.ReadAsByteArrayAsync();
    }

    private static byte[] Pack(int spaces)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var part = Enumerable.Repeat((byte)' ', 1 << 20).ToArray();
            for (var i = 0; i < spaces; i += part.Length)
                gzip.Write(part);
        }
        return packed.ToArray();
    }

    private static async Task<int> ThrowAsync(HttpClient client, byte[] bomb)
    {
        using var content = new ByteArrayContent(bomb);
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await client.PostAsync("/v2/models/iris/infer", content);
        return (int)answer.StatusCode;
    }

    private static async Task SendAsync(HttpClient client, byte[] body, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            using var answer = await client.PostAsync("/v1/models/iris:predict", content);
            ((int)answer.StatusCode).Should().Be(200);
            await answer.Content.ReadAsByteArrayAsync();
        }
    }
}
