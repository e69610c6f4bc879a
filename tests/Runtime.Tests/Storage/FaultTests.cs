using Microsoft.AspNetCore.Http;
using Sluice.Contract;
using Sluice.Runtime.Tests.Storage.Spoken;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>What servers and networks do wrong, done by each storage.</summary>
public sealed class FaultTests : IDisposable
{
    private const string File = "iris/model.onnx";
    private readonly StorageFixture storage = new();
    private SpokenScheme spoken = null!;

    public static TheoryData<string> Schemes { get; } = [.. Speaking.Keys];

    public static TheoryData<string> SchemesWithFolders { get; } = [.. Speaking.Where(s => s.Value().HasFolders).Select(s => s.Key)];

    private static Dictionary<string, Func<SpokenScheme>> Speaking => new()
    {
        ["http"] = static () => new SpokenHttp(),
        ["s3"] = static () => new SpokenS3(),
        ["gs"] = static () => new SpokenGoogleCloud(),
        ["hf"] = static () => new SpokenHub(),
        ["oci"] = static () => new SpokenOci(),
        ["mlflow"] = static () => new SpokenMlflow(),
        ["azure-blob"] = static () => new SpokenAzure(),
    };

    public void Dispose() => storage.Dispose();

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task A_refusal_has_its_reason(string scheme)
    {
        await using var server = await StartAsync(scheme);
        storage.RetryFor = TimeSpan.Zero;
        foreach (var (status, reason) in new[] { (401, TerminationReasons.AccessDenied), (403, TerminationReasons.AccessDenied), (404, TerminationReasons.NotFound), (500, TerminationReasons.Unreachable) })
        {
            server.Fault = context => StatusAsync(context, status);
            (await storage.FailureAsync(Address(server))).Reason.Should().Be(reason, "the answer was {0}", status);
        }
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task An_outage_passes(string scheme)
    {
        await using var server = await StartAsync(scheme);
        var outages = 0;
        server.Fault = context => spoken.IsContent(context) && outages++ == 0 ? StatusAsync(context, 500) : Task.FromResult(false);

        await storage.PullAsync(Address(server), StorageFixture.Sha256);

        storage.Fetched().Should().Equal(StorageFixture.Model);
        outages.Should().Be(2);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task A_transfer_that_is_cut_goes_on_where_it_was(string scheme)
    {
        await using var server = await StartAsync(scheme);
        var cut = false;
        server.Fault = async context =>
        {
            if (!spoken.IsContent(context) || cut)
                return false;
            cut = true;
            await SendPartAsync(context, 100, StorageFixture.Model.Length);
            // Kestrel closes the connection after an answer that is shorter than announced; an abort could take the bytes with it.
            await context.Response.CompleteAsync();
            return true;
        };

        await storage.PullAsync(Address(server), StorageFixture.Sha256);

        storage.Fetched().Should().Equal(StorageFixture.Model);
        server.Http.Requests.Where(static r => r.Headers.GetValueOrDefault("Range") is not (null or "bytes=0-")).Should().ContainSingle().Which.Headers["Range"].Should().Be("bytes=100-");
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task A_transfer_that_stands_still_is_given_up(string scheme)
    {
        await using var server = await StartAsync(scheme);
        (storage.RetryFor, storage.Stall) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
        server.Fault = async context =>
        {
            if (!spoken.IsContent(context))
                return false;
            await SendPartAsync(context, 10, StorageFixture.Model.Length);
            await context.HangAsync(server.Http.Closing);
            return true;
        };

        var failure = await storage.FailureAsync(Address(server));

        failure.Reason.Should().Be(TerminationReasons.Unreachable);
        failure.Message.Should().Contain("nothing came");
    }

    [Theory]
    [MemberData(nameof(SchemesWithFolders))]
    public async Task A_file_of_another_length_than_was_listed_is_not_taken(string scheme)
    {
        await using var server = await StartAsync(scheme);
        storage.RetryFor = TimeSpan.Zero;
        server.Fault = async context =>
        {
            if (!spoken.IsContent(context))
                return false;
            await SendPartAsync(context, 100, 100);
            return true;
        };

        (await storage.FailureAsync(Address(server))).Reason.Should().BeOneOf(TerminationReasons.Unreachable, TerminationReasons.DigestMismatch);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task A_redirect_loop_ends(string scheme)
    {
        await using var server = await StartAsync(scheme);
        server.Fault = context =>
        {
            context.Response.Redirect(context.Request.Path + context.Request.QueryString);
            return Task.FromResult(true);
        };

        // Who signs each request follows none.
        (await storage.FailureAsync(Address(server))).Message.Should().Contain(scheme == "s3" ? "do not follow" : "redirects more than");
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task An_artifact_that_is_too_large_is_refused(string scheme)
    {
        await using var server = await StartAsync(scheme);
        storage.MaxBytes = StorageFixture.Model.Length - 1;

        (await storage.FailureAsync(Address(server))).Reason.Should().Be(TerminationReasons.TooLarge);
    }

    [Theory]
    [MemberData(nameof(SchemesWithFolders))]
    public async Task A_folder_comes_whole_with_its_digests_over_all_pages(string scheme)
    {
        await using var server = await StartAsync(scheme);
        spoken.Files["iris/weights/a+b c.data"] = [1, 2, 3];
        spoken.Files["iris/weights/z.data"] = [4];
        spoken.Files["other/model.onnx"] = [5];

        var digest = await storage.PullAsync(spoken.AddressOf(server.Address, "iris"));

        storage.Fetched("weights/a+b c.data").Should().Equal(1, 2, 3);
        digest.Should().Be(Sluice.Runtime.Storage.Digest.Of(storage.To));
        Sluice.Runtime.Storage.Digest.FilesIn(storage.To).Should().HaveCount(3);
    }

    [Theory]
    [MemberData(nameof(SchemesWithFolders))]
    public async Task A_listing_that_leads_out_of_its_folder_is_refused_before_anything_is_fetched(string scheme)
    {
        await using var server = await StartAsync(scheme);
        spoken.Files["iris/../../x"] = [1];
        var contents = 0;
        server.Fault = context => Task.FromResult(spoken.IsContent(context) && contents++ < 0);

        (await storage.FailureAsync(spoken.AddressOf(server.Address, "iris"))).Reason.Should().Be(TerminationReasons.AccessDenied);
        contents.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task What_is_not_there_is_not_found(string scheme)
    {
        await using var server = await StartAsync(scheme);

        (await storage.FailureAsync(spoken.AddressOf(server.Address, "iris/nothing.onnx"))).Reason.Should().Be(TerminationReasons.NotFound);
    }

    private async Task<SpokenServer> StartAsync(string scheme)
    {
        spoken = Speaking[scheme]();
        spoken.Files[File] = StorageFixture.Model;
        var server = await SpokenServer.StartAsync(spoken);
        spoken.Prepare(storage, server.Address);
        return server;
    }

    private string Address(SpokenServer server) => spoken.AddressOf(server.Address, File);

    private static Task<bool> StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.FromResult(true);
    }

    /// <summary>The first bytes of the model, under the tag that it has.</summary>
    private static async Task SendPartAsync(HttpContext context, int bytes, int announced)
    {
        context.Response.Headers.ETag = $"\"{StorageFixture.Sha256[..16]}\"";
        context.Response.ContentLength = announced;
        await context.Response.Body.WriteAsync(StorageFixture.Model.AsMemory(0, bytes));
        await context.Response.Body.FlushAsync();
    }
}
