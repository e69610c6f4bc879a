using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Contract;
using Sluice.Runtime.Storage;
using Sluice.Runtime.Tests.Storage.Spoken;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>What one container leaves for the next, in a folder that outlives both.</summary>
public sealed class RestartTests : IDisposable
{
    private const string Address = "s3://models/iris/model.onnx";
    private const int Came = 100;

    private readonly StorageFixture storage = new();
    private readonly SpokenS3 spoken = new();

    public void Dispose() => storage.Dispose();

    [Fact]
    public async Task A_restarted_container_goes_on_where_the_last_one_was()
    {
        await using var server = await BrokenAsync(StorageFixture.Sha256);

        await storage.PullAsync(Address, StorageFixture.Sha256);

        storage.Fetched().Should().Equal(StorageFixture.Model);
        Ranges(server).Should().Equal($"bytes={Came - 1}-");
        Directory.Exists(Path.Combine(storage.To, Staging.Name)).Should().BeFalse();
    }

    [Fact]
    public async Task A_file_that_was_complete_is_only_asked_for_its_last_byte()
    {
        spoken.Files["iris/z.data"] = [1, 2, 3];
        await using var server = await StartAsync(context => context.Request.Path.Value!.EndsWith("z.data", StringComparison.Ordinal));
        var digest = Digest.Combine([("model.onnx", new Digest(StorageFixture.Sha256, StorageFixture.Model.Length)), ("z.data", new Digest("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81", 3))]);
        (await storage.FailureAsync("s3://models/iris", digest.Sha256)).Reason.Should().Be(TerminationReasons.Unreachable);
        server.Fault = static _ => Task.FromResult(false);

        await storage.PullAsync("s3://models/iris", digest.Sha256);

        server.Http.Requests.Last(static r => r.Method == "GET" && r.Path.EndsWith("model.onnx", StringComparison.Ordinal))
            .Headers["Range"].Should().Be($"bytes={StorageFixture.Model.Length - 1}-");
    }

    [Fact]
    public async Task Without_a_digest_nothing_tells_whether_what_is_there_is_sound_so_it_begins_anew()
    {
        await using var server = await BrokenAsync(pin: null);

        await storage.PullAsync(Address);

        storage.Fetched().Should().Equal(StorageFixture.Model);
        Ranges(server).Should().BeEmpty();
    }

    [Fact]
    public async Task What_another_address_left_is_not_gone_on_with()
    {
        await using var server = await BrokenAsync(StorageFixture.Sha256);
        spoken.Files["other/model.onnx"] = StorageFixture.Model;

        await storage.PullAsync("s3://models/other/model.onnx", StorageFixture.Sha256);

        Ranges(server).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_that_was_damaged_meanwhile_is_noticed_and_begun_anew_by_the_next()
    {
        await using var server = await BrokenAsync(StorageFixture.Sha256);
        var left = Directory.EnumerateFiles(Path.Combine(storage.To, Staging.Name), "model.onnx", SearchOption.AllDirectories).Single(f => new FileInfo(f).Length == Came);
        File.WriteAllBytes(left, new byte[Came]);

        (await storage.FailureAsync(Address, StorageFixture.Sha256)).Reason.Should().Be(TerminationReasons.DigestMismatch);
        await storage.PullAsync(Address, StorageFixture.Sha256);

        storage.Fetched().Should().Equal(StorageFixture.Model);
    }

    [Fact]
    public async Task A_file_that_was_replaced_meanwhile_is_fetched_from_its_beginning()
    {
        await using var server = await BrokenAsync(StorageFixture.Sha256);
        var replaced = new byte[200];
        spoken.Files["iris/model.onnx"] = replaced;

        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(replaced));
        await storage.PullAsync(Address, sha256);

        storage.Fetched().Should().Equal(replaced);
    }

    [Fact]
    public async Task A_long_fetch_says_how_far_it_is()
    {
        var log = new LinesLogger();
        (storage.Logger, storage.Time) = (log, new HurriedTime());
        await using var server = await StartAsync(static _ => false);

        await storage.PullAsync(Address);

        log.Lines.Should().Contain(l => l.StartsWith("Fetching s3://models/iris/model.onnx: ") && l.Contains($"of {StorageFixture.Model.Length} bytes"));
    }

    [Fact]
    public async Task An_authority_of_ones_own_is_trusted_when_it_is_named()
    {
        using var certificates = new Certificates();
        using var certificate = certificates.Server("localhost");
        await using var server = await LoopbackServer.StartAsync(static context => context.Request.Path.Value!.EndsWith(".sha256", StringComparison.Ordinal)
            ? Task.Run(() => context.Response.StatusCode = 404)
            : context.Response.Body.WriteAsync(StorageFixture.Model).AsTask(), certificate);
        var address = $"https://localhost:{server.Address.Port}/model.onnx";
        var failure = await storage.FailureAsync(address);
        (failure.Reason, failure.Message).Should().Match<(string, string)>(f => f.Item1 == TerminationReasons.Unreachable && f.Item2.Contains("TLS"));

        await storage.Secret("ca.crt", certificates.AuthorityPem).PullAsync(address, StorageFixture.Sha256);

        storage.Secret("ca.crt", "nonsense");
        Directory.Delete(storage.To, recursive: true);
        (await storage.FailureAsync(address)).Reason.Should().Be(TerminationReasons.InvalidOptions);
    }

    private static IEnumerable<string> Ranges(SpokenServer server) =>
        server.Http.Requests.Where(static r => r.Headers.GetValueOrDefault("Range") is not (null or "bytes=0-")).Select(static r => r.Headers["Range"]);

    /// <summary>A server at which one container failed after so many bytes; it is well again.</summary>
    private async Task<SpokenServer> BrokenAsync(string? pin)
    {
        var server = await StartAsync(spoken.IsContent);
        (await storage.FailureAsync(Address, pin)).Reason.Should().Be(TerminationReasons.Unreachable);
        server.Fault = static _ => Task.FromResult(false);
        return server;
    }

    private async Task<SpokenServer> StartAsync(Func<HttpContext, bool> breaks)
    {
        spoken.Files["iris/model.onnx"] = StorageFixture.Model;
        var server = await SpokenServer.StartAsync(spoken);
        spoken.Prepare(storage, server.Address);
        storage.RetryFor = TimeSpan.Zero;
        server.Fault = async context =>
        {
            if (!breaks(context))
                return false;
            context.Response.Headers.ETag = $"\"{StorageFixture.Sha256[..16]}\"";
            context.Response.ContentLength = StorageFixture.Model.Length;
            await context.Response.Body.WriteAsync(StorageFixture.Model.AsMemory(0, Came));
            await context.Response.CompleteAsync();
            return true;
        };
        return server;
    }

    /// <summary>A minute passes with every look at it.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref ticks, TimeSpan.TicksPerMinute);
    }

    private sealed class LinesLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
