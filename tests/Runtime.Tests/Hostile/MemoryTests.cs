using System.Text;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support;
using Sluice.Support.Measuring;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Hostile;

/// <summary>What large requests take is given back. Seen from outside, on a process that does nothing else.</summary>
public sealed class MemoryTests
{
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
