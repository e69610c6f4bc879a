using Microsoft.AspNetCore.Http;
using Sluice.Contract;
using Sluice.Runtime.Storage;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage;

public sealed class HttpSourceTests : IDisposable
{
    private readonly StorageFixture storage = new();

    public void Dispose() => storage.Dispose();

    [Fact]
    public async Task A_broken_download_goes_on_where_it_was()
    {
        await using var server = await ServeAsync("\"v1\"", cutAfter: 100);

        await storage.PullAsync(Model(server), StorageFixture.Sha256);

        storage.Fetched().Should().Equal(StorageFixture.Model);
        var ranges = Downloads(server).Select(r => r.Headers.GetValueOrDefault("Range")).ToList();
        ranges[0].Should().BeNull();
        ranges[1..].Should().NotBeEmpty().And.OnlyContain(r => r != null);
        Downloads(server).Skip(1).Select(r => r.Headers["If-Range"]).Should().AllBe("\"v1\"");
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_is_fetched_from_its_beginning()
    {
        var first = true;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (NoDigestBeside(context))
                return;
            context.Response.Headers.ETag = first ? "\"old\"" : "\"new\"";
            if (first)
            {
                first = false;
                await CutAsync(context, new byte[StorageFixture.Model.Length], 100);
                return;
            }
            await context.Response.Body.WriteAsync(StorageFixture.Model);
        });

        await storage.PullAsync(Model(server), StorageFixture.Sha256);

        storage.Fetched().Should().Equal(StorageFixture.Model);
    }

    [Fact]
    public async Task A_server_without_validators_is_asked_for_the_whole_again()
    {
        var first = true;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (NoDigestBeside(context))
                return;
            if (first)
            {
                first = false;
                await CutAsync(context, StorageFixture.Model, 100);
                return;
            }
            await context.Response.Body.WriteAsync(StorageFixture.Model);
        });

        await storage.PullAsync(Model(server), StorageFixture.Sha256);

        Downloads(server).Should().OnlyContain(r => !r.Headers.ContainsKey("Range"));
    }

    [Fact]
    public async Task The_digest_beside_a_file_is_honoured()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Request.Path.Value!.EndsWith(".sha256", StringComparison.Ordinal)
            ? context.Response.WriteAsync($"{new string('0', 64)}  model.onnx\n")
            : context.Response.Body.WriteAsync(StorageFixture.Model).AsTask());

        var failure = await storage.FailureAsync(Model(server));

        failure.Reason.Should().Be(TerminationReasons.DigestMismatch);
        failure.Message.Should().Contain(StorageFixture.Sha256).And.Contain(new string('0', 64));
    }

    [Fact]
    public async Task A_redirect_loop_ends()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect("/again.onnx");
            return Task.CompletedTask;
        });

        var failure = await storage.FailureAsync(Model(server));

        failure.Reason.Should().Be(TerminationReasons.Unreachable);
        failure.Message.Should().Contain("redirects more than");
        server.Requests.Count.Should().BeLessThan(10);
    }

    [Theory]
    [InlineData("token", "s3cret", "Authorization", "Bearer s3cret")]
    [InlineData("username", "jane", "Authorization", "Basic amFuZTo=")]
    [InlineData("headers", """{"x-api-key": "k1"}""", "x-api-key", "k1")]
    public async Task Credentials_reach_the_host_and_no_other(string key, string value, string header, string sent)
    {
        await using var other = await ServeAsync("\"v1\"");
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            if (!NoDigestBeside(context))
                context.Response.Redirect(Model(other));
            return Task.CompletedTask;
        });

        await storage.Secret(key, value).PullAsync(Model(server), StorageFixture.Sha256);

        server.Requests.Should().OnlyContain(r => r.Headers[header] == sent);
        other.Requests.Should().NotBeEmpty().And.OnlyContain(r => !r.Headers.ContainsKey(header));
    }

    [Fact]
    public async Task Credentials_for_another_host_stay_here()
    {
        await using var server = await ServeAsync("\"v1\"");

        await storage.Secret("token", "s3cret").Secret("https-host", "models.example").PullAsync(Model(server));

        server.Requests.Should().OnlyContain(r => !r.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("http://jane:pw@models.example/m.onnx", TerminationReasons.InvalidUri, "credentials.secretName")]
    [InlineData("https://models.example/folder/", TerminationReasons.InvalidUri, "folder")]
    [InlineData("ftp://models.example/m.onnx", TerminationReasons.InvalidUri, "https")]
    public async Task An_address_that_cannot_work_is_refused_at_once(string address, string reason, string says)
    {
        var failure = await storage.FailureAsync(address);

        failure.Reason.Should().Be(reason);
        failure.Message.Should().Contain(says).And.NotContain("pw@");
    }

    [Fact]
    public async Task A_refusal_says_what_to_do()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        });

        (await storage.FailureAsync(Model(server))).Message.Should().Contain("name a Secret in credentials.secretName");
        storage.Secret("token", "wrong");
        (await storage.FailureAsync(Model(server))).Message.Should().Contain("Check that the Secret");
        (await storage.Secret("headers", "x: y").FailureAsync(Model(server))).Reason.Should().Be(TerminationReasons.InvalidOptions);
    }

    [Fact]
    public async Task A_file_announced_as_too_large_is_not_even_begun()
    {
        await using var server = await ServeAsync("\"v1\"");
        storage.MaxBytes = StorageFixture.Model.Length - 1;

        (await storage.FailureAsync(Model(server))).Reason.Should().Be(TerminationReasons.TooLarge);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        var server = await ServeAsync("\"v1\"");
        var address = Model(server);
        await server.DisposeAsync();
        storage.RetryFor = TimeSpan.FromSeconds(1);

        (await storage.FailureAsync(address)).Reason.Should().Be(TerminationReasons.Unreachable);
    }

    [Fact]
    public void What_the_operator_lets_through_is_what_can_be_fetched()
    {
        using var handler = new SocketsHttpHandler();
        var credentials = storage.Credentials();
        using var web = new Sluice.Runtime.Storage.Web.WebStorage(handler, new Patience(TimeProvider.System, TimeSpan.FromSeconds(1)), credentials);

        ModelSources.All([new LocalSource("/"), new Sluice.Runtime.Storage.Oci.ImageVolumeSource("/")], web, credentials, TimeProvider.System).SelectMany(s => s.Schemes).Where(s => s.Length > 0)
            .Should().BeEquivalentTo(StorageSchemes.Supported);
    }

    [Theory]
    [InlineData("a/model.onnx", true)]
    [InlineData("../model.onnx", false)]
    [InlineData("a/../../model.onnx", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("a//b", false)]
    [InlineData("a\\b", false)]
    [InlineData("a/./b", false)]
    [InlineData("", false)]
    [InlineData("a\nb", false)]
    public void A_path_of_a_listing_stays_in_its_folder(string path, bool safe) => ArtifactPath.IsSafe(path).Should().Be(safe);

    private static string Model(LoopbackServer server) => new Uri(server.Address, "/a/model.onnx").ToString();

    private static IEnumerable<RecordedRequest> Downloads(LoopbackServer server) => server.Requests.Where(r => r.Path.EndsWith(".onnx", StringComparison.Ordinal));

    private static bool NoDigestBeside(HttpContext context)
    {
        if (!context.Request.Path.Value!.EndsWith(".sha256", StringComparison.Ordinal))
            return false;
        context.Response.StatusCode = 404;
        return true;
    }

    private static async Task CutAsync(HttpContext context, byte[] content, int after)
    {
        context.Response.ContentLength ??= content.Length;
        await context.Response.Body.WriteAsync(content.AsMemory(0, after));
        // Kestrel closes the connection after an answer that is shorter than announced; an abort could take the bytes with it.
        await context.Response.CompleteAsync();
    }

    /// <summary>Serves the model with ranges; each of the first three downloads breaks after so many bytes.</summary>
    private static Task<LoopbackServer> ServeAsync(string tag, int? cutAfter = null)
    {
        var cuts = 0;
        return LoopbackServer.StartAsync(async context =>
        {
            if (NoDigestBeside(context))
                return;
            context.Response.Headers.ETag = tag;
            var content = StorageFixture.Model;
            if (context.Request.GetTypedHeaders().Range is { } range && context.Request.Headers.IfRange == tag)
            {
                var from = (int)range.Ranges.Single().From!.Value;
                context.Response.StatusCode = 206;
                context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
                content = content[from..];
            }
            context.Response.ContentLength = content.Length;
            if (cutAfter is { } after && cuts++ < 3)
                await CutAsync(context, content, Math.Min(after, content.Length - 1));
            else
                await context.Response.Body.WriteAsync(content);
        });
    }
}
