using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Contract;
using Sluice.Runtime.Storage;
using Sluice.Runtime.Storage.Web;
using Sluice.Support.Http;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Storage;

public sealed class PullTests : IDisposable
{
    private static readonly byte[] Model = File.ReadAllBytes(TestModels.File("iris/2"));
    private static readonly string Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Model));

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-pull").FullName;
    private readonly SocketsHttpHandler handler = WebStorage.Handler(new Credentials(null, _ => null));

    private string To => Path.Combine(folder, "to");

    public void Dispose()
    {
        handler.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("{0}/iris/2/model.onnx")]
    [InlineData("file://{0}/iris/2/model.onnx")]
    [InlineData("pvc://claim/iris/2/model.onnx")]
    public async Task A_local_file_is_fetched_and_checked(string address)
    {
        Directory.CreateSymbolicLink(Path.Combine(folder, "claim"), TestModels.Root);

        var digest = await PullAsync(string.Format(address, TestModels.Root), Sha256);

        digest.Sha256.Should().Be(Sha256);
        File.ReadAllBytes(Path.Combine(To, "model.onnx")).Should().Equal(Model);
        Directory.EnumerateFileSystemEntries(To).Select(Path.GetFileName).Should().BeEquivalentTo("model.onnx", PullRecord.FileName);
    }

    [Fact]
    public async Task A_folder_is_fetched_whole_with_one_digest()
    {
        var digest = await PullAsync(TestModels.Folder("iris"), null);

        File.Exists(Path.Combine(To, "2", "model.onnx")).Should().BeTrue();
        digest.Should().Be(Digest.Of(TestModels.Folder("iris")));
        (await PullAsync(TestModels.Folder("iris"), digest.Sha256)).Should().Be(digest);
    }

    [Theory]
    [InlineData("s4://bucket/x", TerminationReasons.InvalidUri)]
    [InlineData("file://other-host/x", TerminationReasons.InvalidUri)]
    [InlineData("pvc://unmounted/x", TerminationReasons.NotFound)]
    [InlineData("/nowhere/model.onnx", TerminationReasons.NotFound)]
    public async Task What_cannot_be_had_has_its_reason(string address, string reason) =>
        (await FailureAsync(address)).Reason.Should().Be(reason);

    [Fact]
    public async Task A_link_out_of_a_claim_is_refused_and_one_within_it_is_followed()
    {
        var claim = Directory.CreateDirectory(Path.Combine(folder, "claim", "iris")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "claim", "blob"), Model);
        File.WriteAllText(Path.Combine(folder, "secret"), "x");
        File.CreateSymbolicLink(Path.Combine(claim, "model.onnx"), "../blob");

        (await PullAsync("pvc://claim/iris", Sha256)).Sha256.Should().Be(Sha256);

        File.CreateSymbolicLink(Path.Combine(claim, "model.data"), "../../secret");
        var failure = await FailureAsync("pvc://claim/iris");
        failure.Reason.Should().Be(TerminationReasons.AccessDenied);
        failure.Message.Should().Contain("model.data");
        File.CreateSymbolicLink(Path.Combine(folder, "claim", "out"), folder);
        (await FailureAsync("pvc://claim/out/secret")).Reason.Should().Be(TerminationReasons.AccessDenied);
    }

    [Fact]
    public async Task Another_digest_leaves_nothing_behind()
    {
        var failure = await FailureAsync(TestModels.File("iris/1"), Sha256);

        failure.Reason.Should().Be(TerminationReasons.DigestMismatch);
        failure.Message.Should().Contain(Sha256);
        Directory.EnumerateFileSystemEntries(To).Should().BeEmpty();
    }

    [Fact]
    public async Task The_digest_beside_a_file_is_honoured()
    {
        var file = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(file, Model);
        File.WriteAllText(file + ".sha256", $"{Sha256}  model.onnx\n");
        await PullAsync(file, null);
        File.WriteAllText(file + ".sha256", new string('0', 64));

        (await FailureAsync(file)).Reason.Should().Be(TerminationReasons.DigestMismatch);
    }

    [Fact]
    public async Task A_web_server_that_stumbles_is_asked_again()
    {
        var tries = 0;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path.Value!.EndsWith(".sha256", StringComparison.Ordinal))
            {
                context.Response.StatusCode = 404;
                return;
            }
            switch (++tries)
            {
                case 1:
                    context.Response.StatusCode = 503;
                    break;
                case 2:
                    // Half the bytes that were announced, then the connection breaks.
                    context.Response.ContentLength = Model.Length;
                    await context.Response.Body.WriteAsync(Model.AsMemory(0, Model.Length / 2));
                    await context.Response.Body.FlushAsync();
                    context.Abort();
                    break;
                case 3:
                    context.Response.Redirect("/elsewhere/model.onnx");
                    break;
                default:
                    await context.Response.Body.WriteAsync(Model);
                    break;
            }
        });

        await PullAsync(new Uri(server.Address, "/a/model.onnx").ToString(), Sha256);

        File.ReadAllBytes(Path.Combine(To, "model.onnx")).Should().Equal(Model);
        tries.Should().Be(4);
    }

    [Theory]
    [InlineData(404, TerminationReasons.NotFound)]
    [InlineData(403, TerminationReasons.AccessDenied)]
    [InlineData(401, TerminationReasons.AccessDenied)]
    [InlineData(500, TerminationReasons.Unreachable)]
    public async Task A_refusal_has_its_reason_and_shows_no_secret(int status, string reason)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        var failure = await FailureAsync(new Uri(server.Address, "/m.onnx?sig=hidden").ToString(), retryFor: TimeSpan.Zero);

        failure.Reason.Should().Be(reason);
        failure.Message.Should().Contain($"{status}").And.NotContain("hidden");
    }

    [Fact]
    public async Task A_transfer_that_stands_still_is_given_up()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            if (context.Request.Path.Value!.EndsWith(".sha256", StringComparison.Ordinal))
                context.Response.ContentType = "text/html";
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });

        var failure = await FailureAsync(
            new Uri(server.Address, "/m.onnx").ToString(), retryFor: TimeSpan.Zero, stall: TimeSpan.FromMilliseconds(200));

        failure.Reason.Should().Be(TerminationReasons.Unreachable);
        failure.Message.Should().Contain("nothing came");
    }

    [Fact]
    public async Task An_artifact_beyond_the_bound_is_refused() =>
        (await FailureAsync(TestModels.File("iris/2"), maxBytes: 100)).Reason.Should().Be(TerminationReasons.TooLarge);

    private async Task<Digest> PullAsync(
        string address, string? sha256, TimeSpan? retryFor = null, TimeSpan? stall = null, long maxBytes = long.MaxValue)
    {
        var credentials = new Credentials(null, _ => null);
        using var web = new WebStorage(handler, new Patience(TimeProvider.System, stall ?? TimeSpan.FromSeconds(30)), credentials);
        var pull = new Pull(ModelSources.All([new LocalSource(folder), new Sluice.Runtime.Storage.Oci.ImageVolumeSource(folder)], web, credentials, TimeProvider.System), TimeProvider.System, NullLogger.Instance);
        return await pull.RunAsync(
            new PullSettings
            {
                Address = address,
                Sha256 = sha256,
                To = To,
                RetryFor = retryFor ?? TimeSpan.FromSeconds(30),
                StallTimeout = stall ?? TimeSpan.FromSeconds(30),
                MaxBytes = maxBytes,
            },
            default);
    }

    private async Task<FailureException> FailureAsync(
        string address, string? sha256 = null, TimeSpan? retryFor = null, TimeSpan? stall = null, long maxBytes = long.MaxValue)
    {
        var pulling = () => PullAsync(address, sha256, retryFor, stall, maxBytes);
        return (await pulling.Should().ThrowAsync<FailureException>()).Which;
    }
}
