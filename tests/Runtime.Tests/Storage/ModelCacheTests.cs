using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Contract;
using Sluice.Runtime.Storage;
using Sluice.Runtime.Tests.Storage.Spoken;
using Sluice.Support.Time;

namespace Sluice.Runtime.Tests.Storage;

public sealed class ModelCacheTests : IDisposable
{
    private readonly StorageFixture storage = new();
    private readonly SpokenS3 spoken = new();
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-cache").FullName;

    public void Dispose()
    {
        storage.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_second_pod_of_a_node_asks_nobody()
    {
        await using var server = await StartAsync();
        var digest = await storage.PullAsync("s3://models/iris");
        var asked = server.Http.Requests.Count;

        using var second = Another();
        (await second.PullAsync("s3://models/iris", digest.Sha256)).Should().Be(digest);

        second.Fetched("weights.data").Should().Equal(1, 2, 3);
        PullRecord.Read(second.To)!.Cached.Should().BeTrue();
        server.Http.Requests.Should().HaveCount(asked);
    }

    [Fact]
    public async Task What_is_broken_in_the_cache_is_fetched_again_and_mended()
    {
        await using var server = await StartAsync();
        var digest = await storage.PullAsync("s3://models/iris");
        var entry = Path.Combine(folder, digest.Sha256, "weights.data");
        File.WriteAllBytes(entry, [9, 9, 9]);

        using var second = Another();
        await second.PullAsync("s3://models/iris", digest.Sha256);

        second.Fetched("weights.data").Should().Equal(1, 2, 3);
        PullRecord.Read(second.To)!.Cached.Should().BeFalse();
        File.ReadAllBytes(entry).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task Pods_that_begin_at_once_all_get_it_whole()
    {
        await using var server = await StartAsync();
        var pods = Enumerable.Range(0, 8).Select(_ => Another()).ToList();

        var digests = await Task.WhenAll(pods.Select(p => p.PullAsync("s3://models/iris")));

        digests.Distinct().Should().ContainSingle();
        Directory.EnumerateFileSystemEntries(folder).Should().ContainSingle("nothing is left over").Which.Should().EndWith(digests[0].Sha256);
        pods.ForEach(p => p.Dispose());
    }

    [Fact]
    public void What_was_used_longest_ago_makes_room()
    {
        var time = new ManualTime();
        var cache = Cache(mostBytes: 300, time);
        foreach (var name in new[] { "a", "b", "c" })
        {
            Put(cache, name, 100);
            time.Advance(TimeSpan.FromHours(1));
        }
        cache.Find(Sha("a")).Should().NotBeNull("it was used again");
        time.Advance(TimeSpan.FromHours(1));

        Put(cache, "d", 100);

        cache.Find(Sha("b")).Should().BeNull();
        new[] { "a", "c", "d" }.Should().OnlyContain(n => cache.Find(Sha(n)) != null);
    }

    [Fact]
    public void What_nobody_uses_goes_and_so_does_what_killed_pods_left()
    {
        var time = new ManualTime();
        var cache = Cache(mostBytes: 1000, time);
        Put(cache, "a", 100);
        var left = Directory.CreateDirectory(Path.Combine(folder, ".killed"));
        left.LastWriteTimeUtc = time.GetUtcNow().UtcDateTime;
        time.Advance(TimeSpan.FromDays(31));

        Put(cache, "b", 100);

        Directory.EnumerateFileSystemEntries(folder).Should().ContainSingle().Which.Should().EndWith(Sha("b"));
    }

    [Fact]
    public void What_is_larger_than_the_cache_stays_out()
    {
        var cache = Cache(mostBytes: 50, new ManualTime());
        Put(cache, "a", 100);
        cache.Find(Sha("a")).Should().BeNull();
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_holds_nothing_back()
    {
        await using var server = await StartAsync();
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        storage.Cache = new ModelCache(file, 1 << 20, TimeSpan.FromDays(1), TimeProvider.System, NullLogger.Instance);

        await storage.PullAsync("s3://models/iris");

        storage.Fetched().Should().Equal(StorageFixture.Model);
    }

    [Fact]
    public async Task A_wrong_pin_is_not_answered_from_the_cache()
    {
        await using var server = await StartAsync();
        await storage.PullAsync("s3://models/iris");

        using var second = Another();
        (await second.FailureAsync("s3://models/iris", new string('0', 64))).Reason.Should().Be(TerminationReasons.DigestMismatch);
    }

    private async Task<SpokenServer> StartAsync()
    {
        spoken.Files["iris/model.onnx"] = StorageFixture.Model;
        spoken.Files["iris/weights.data"] = [1, 2, 3];
        var server = await SpokenServer.StartAsync(spoken);
        spoken.Prepare(storage, server.Address);
        storage.Cache = Cache(1 << 20, TimeProvider.System);
        return server;
    }

    /// <summary>Another pod of the same node.</summary>
    private StorageFixture Another()
    {
        var another = new StorageFixture { Cache = Cache(1 << 20, TimeProvider.System) };
        another.Variables["AWS_ENDPOINT_URL"] = storage.Variables["AWS_ENDPOINT_URL"];
        return another;
    }

    private ModelCache Cache(long mostBytes, TimeProvider time) => new(folder, mostBytes, TimeSpan.FromDays(30), time, NullLogger.Instance);

    private void Put(ModelCache cache, string name, int bytes)
    {
        var from = Directory.CreateDirectory(Path.Combine(storage.To, name)).FullName;
        File.WriteAllBytes(Path.Combine(from, "model.onnx"), new byte[bytes]);
        cache.Store(new Digest(Sha(name), bytes), from, ["model.onnx"]);
    }

    private static string Sha(string name) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(name)));
}
