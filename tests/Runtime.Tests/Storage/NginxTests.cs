using System.Security.Cryptography;
using Sluice.Contract;
using Sluice.Support;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage;

public sealed class NginxTests(NginxServer server) : IClassFixture<NginxServer>, IDisposable
{
    private readonly StorageFixture storage = new();

    public void Dispose() => storage.Dispose();

    [Theory]
    [InlineData("plain/iris/model.onnx")]
    [InlineData("old/plain/iris/model.onnx")]
    public async Task A_file_is_fetched_also_after_it_has_moved(string path)
    {
        server.Put("plain/iris/model.onnx", StorageFixture.Model);
        server.Put("plain/iris/model.onnx.sha256", System.Text.Encoding.ASCII.GetBytes(StorageFixture.Sha256 + "  model.onnx\n"));

        await storage.PullAsync(Address(path));

        storage.Fetched().Should().Equal(StorageFixture.Model);
    }

    /// <summary>For the rest it is asked by range and with the tag that the first part had, and answers 206.</summary>
    [Fact]
    public async Task A_transfer_that_is_cut_goes_on_by_ranges_until_all_is_there()
    {
        var (path, content) = Large("cut");
        await using var line = new CuttingRelay(server.Address, bytes: 200_000, cuts: 2);

        await storage.PullAsync(new Uri(line.Address, path).ToString(), Sha256(content));

        storage.Fetched().Should().Equal(content);
        await Eventually.TrueAsync(() => Parts(path).Count == 2, "both parts are in the log of nginx");
        Parts(path).Should().OnlyContain(static p => p.StartsWith("206 ") && p.EndsWith("\"]"), "If-Range carries the entity tag");
    }

    [Fact]
    public async Task A_file_that_is_replaced_between_two_parts_is_fetched_from_its_beginning()
    {
        var (path, _) = Large("replaced");
        await using var line = new CuttingRelay(server.Address, bytes: 200_000, cuts: 1);
        storage.RetryFor = TimeSpan.Zero;
        (await storage.FailureAsync(new Uri(line.Address, path).ToString(), Sha256([]))).Reason.Should().Be(TerminationReasons.Unreachable);
        // nginx makes its tag of size and second.
        var (_, now) = Large("replaced", 900_000);

        await storage.PullAsync(new Uri(line.Address, path).ToString(), Sha256(now));

        storage.Fetched().Should().Equal(now);
        await Eventually.TrueAsync(() => Parts(path).Count == 1, "the part that was asked for is in the log of nginx");
        Parts(path).Should().OnlyContain(static p => p.StartsWith("200 "), "nginx holds the tag against what is there now");
    }

    [Fact]
    public async Task A_slow_transfer_is_waited_for()
    {
        var (path, content) = Large("slow", 100_000);

        await storage.PullAsync(Address($"slow{path}"), Sha256(content));

        storage.Fetched().Should().Equal(content);
    }

    [Fact]
    public async Task A_password_is_asked_for_and_given()
    {
        server.Put("secret/model.onnx", StorageFixture.Model);
        (await storage.FailureAsync(Address("locked/secret/model.onnx"))).Reason.Should().Be(TerminationReasons.AccessDenied);

        await storage.Secret("username", "jane").Secret("password", "s3cret").PullAsync(Address("locked/secret/model.onnx"), StorageFixture.Sha256);
    }

    [Theory]
    [InlineData("plain/nothing.onnx", TerminationReasons.NotFound)]
    [InlineData("closed/model.onnx", TerminationReasons.AccessDenied)]
    [InlineData("loop/model.onnx", TerminationReasons.Unreachable)]
    [InlineData("busy/model.onnx", TerminationReasons.Unreachable)]
    public async Task What_cannot_be_had_has_its_reason(string path, string reason)
    {
        storage.RetryFor = TimeSpan.Zero;
        (await storage.FailureAsync(Address(path))).Reason.Should().Be(reason);
    }

    /// <summary>Other bytes each time.</summary>
    private (string Path, byte[] Content) Large(string folder, int bytes = 1_000_000)
    {
        var content = RandomNumberGenerator.GetBytes(bytes);
        server.Put($"{folder}/model.onnx", content);
        return ($"/{folder}/model.onnx", content);
    }

    private List<string> Parts(string path) => [.. server.Ended.Where(e => e.Contains($" {path} [bytes=", StringComparison.Ordinal))];

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private string Address(string path) => new Uri(server.Address, path).ToString();
}
