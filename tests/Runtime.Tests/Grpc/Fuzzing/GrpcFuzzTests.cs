using System.Collections.Concurrent;
using System.Net;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support.Models;
using Xunit.Abstractions;

namespace Sluice.Runtime.Tests.Grpc.Fuzzing;

/// <summary>A server that strangers can reach: whatever they send, it answers, refuses, and stays as it is.</summary>
public sealed class GrpcFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int Requests = 20_000;
    private const int AtATime = 16;
    private const int Warm = 4_000;
    private const long MaxGrowth = 32L << 20;
    private const int Internal = 13;

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-grpc-fuzz-").FullName;
    private readonly ConcurrentDictionary<int, int> codes = new();
    private readonly ConcurrentBag<string> wrong = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Twenty_thousand_hostile_requests_are_answered_by_a_server_that_lives_on_and_does_not_grow()
    {
        foreach (var model in (string[])["iris/2", "text/1", "credit/1"])
        {
            Directory.CreateDirectory(Path.Combine(folder, model));
            File.Copy(TestModels.File(model), Path.Combine(folder, model, "model.onnx"));
        }
        SameModels.Save(folder);
        await using var server = await RuntimeProgram.StartAsync(folder);
        using var client = new GrpcClient(server.Grpc);
        await SendAsync(client, new Mutator(1), Warm);
        var before = server.Memory;
        await SendAsync(client, new Mutator(2), Requests - Warm);
        var growth = server.Memory - before;

        output.WriteLine($"measured: statuses {string.Join(", ", codes.OrderBy(c => c.Key).Select(c => $"{c.Key}: {c.Value}"))}");
        output.WriteLine($"measured: memory {before >> 20} MB and {growth >> 20} MB more");
        wrong.Should().BeEmpty();
        codes.Values.Sum().Should().Be(Requests);
        codes.Should().ContainKeys(0, 3, 5, 8, 12);
        growth.Should().BeLessThan(MaxGrowth);
        (await client.InferAsync(InferMessage.Iris())).Code.Should().Be(0);
        server.Program.Output.Should().NotContain("failed");
    }

    private async Task SendAsync(GrpcClient client, Mutator mutator, int count)
    {
        var requests = Enumerable.Range(0, count).Select(_ => mutator.Next());
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (request, _) =>
        {
            var answer = await client.SendAsync(request.Path, request.Body, request.Headers);
            if (answer.HttpStatus != HttpStatusCode.OK)
            {
                codes.AddOrUpdate((int)answer.HttpStatus, 1, (_, n) => n + 1);
                if (answer.HttpStatus != HttpStatusCode.UnsupportedMediaType)
                    wrong.Add($"HTTP {answer.HttpStatus} for {request.Path} {Convert.ToHexString(request.Body)}");
                return;
            }
            codes.AddOrUpdate(answer.Code, 1, (_, n) => n + 1);
            // The one internal error that the specification asks for is that of a flag without a coding.
            if (answer.Code is < 0 or > 16 || (answer.Code == Internal && !answer.Message.Contains("flagged as compressed")))
                wrong.Add($"{answer.Code} {answer.Message} for {request.Path} {Convert.ToHexString(request.Body)}");
        });
    }
}
