using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Contract;
using Sluice.Runtime.Storage.Oci;
using Sluice.Runtime.Tests.Storage.Spoken;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage;

public sealed class OciSourceTests(OciServer server) : IClassFixture<OciServer>, IDisposable
{
    private const string Artifact = "application/vnd.oci.empty.v1+json";
    private const string Image = "application/vnd.oci.image.config.v1+json";
    private const string File = "application/vnd.onnx";
    private const string Tar = "application/vnd.oci.image.layer.v1.tar";

    private readonly StorageFixture storage = new();

    public void Dispose() => storage.Dispose();

    [Fact]
    public async Task A_folder_is_an_artifact_with_titled_layers_by_tag_and_by_digest()
    {
        var digest = await server.PushAsync("iris/big", "v1", Artifact, (File, "model.onnx", StorageFixture.Model), (File, "weights/a.data", [1, 2, 3]));
        AsUser();

        foreach (var reference in new[] { ":v1", "@" + digest, ":v1@" + digest })
        {
            await storage.PullAsync($"oci://{server.Host}/iris/big{reference}");

            storage.Fetched().Should().Equal(StorageFixture.Model);
            storage.Fetched("weights/a.data").Should().Equal(1, 2, 3);
            Directory.Delete(storage.To, recursive: true);
        }
    }

    [Theory]
    [InlineData(false, Artifact, "")]
    [InlineData(true, Artifact, "./")]
    [InlineData(true, Image, "models/")]
    public async Task A_packed_layer_is_unpacked_and_of_an_image_its_models(bool gzip, string config, string prefix)
    {
        var layer = Pack(gzip, tar =>
        {
            Add(tar, $"{prefix}model.onnx", StorageFixture.Model);
            Add(tar, $"{prefix}weights/a.data", [1, 2, 3]);
            if (config == Image)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "bin/sh") { LinkName = "/bin/busybox" });
        });
        await server.PushAsync("packed", "v1", config, (Tar + (gzip ? "+gzip" : ""), null, layer));

        var digest = await AsUser().PullAsync($"oci://{server.Host}/packed:v1");

        storage.Fetched().Should().Equal(StorageFixture.Model);
        storage.Fetched("weights/a.data").Should().Equal(1, 2, 3);
        digest.Should().Be(Sluice.Runtime.Storage.Digest.Of(storage.To));
        Sluice.Runtime.Storage.Digest.FilesIn(storage.To).Should().HaveCount(2, "the archive itself is gone");
    }

    [Theory]
    [InlineData("../x", TarEntryType.RegularFile)]
    [InlineData("/etc/x", TarEntryType.RegularFile)]
    [InlineData("a/../../x", TarEntryType.RegularFile)]
    [InlineData("../out", TarEntryType.Directory)]
    [InlineData("model.onnx", TarEntryType.SymbolicLink)]
    [InlineData("model.onnx", TarEntryType.HardLink)]
    [InlineData("pipe", TarEntryType.Fifo)]
    public async Task What_could_lead_out_of_the_folder_is_refused(string name, TarEntryType type)
    {
        var layer = Pack(gzip: true, tar => tar.WriteEntry(type is TarEntryType.SymbolicLink or TarEntryType.HardLink
            ? new PaxTarEntry(type, name) { LinkName = "/etc/passwd" }
            : new PaxTarEntry(type, name)));
        await server.PushAsync("evil", "v1", Artifact, (Tar + "+gzip", null, layer));

        (await AsUser().FailureAsync($"oci://{server.Host}/evil:v1")).Reason.Should().Be(TerminationReasons.AccessDenied);
    }

    [Fact]
    public async Task An_archive_that_unpacks_to_more_than_allowed_is_stopped()
    {
        var layer = Pack(gzip: true, tar => Add(tar, "model.onnx", new byte[1 << 20]));
        await server.PushAsync("bomb", "v1", Artifact, (Tar + "+gzip", null, layer));
        storage.MaxBytes = 100_000;
        layer.Length.Should().BeLessThan(100_000);

        (await AsUser().FailureAsync($"oci://{server.Host}/bomb:v1")).Reason.Should().Be(TerminationReasons.TooLarge);
    }

    [Fact]
    public async Task A_broken_archive_is_a_corrupt_model()
    {
        await server.PushAsync("broken", "v1", Artifact, (Tar + "+gzip", null, [1, 2, 3, 4]));

        (await AsUser().FailureAsync($"oci://{server.Host}/broken:v1")).Reason.Should().Be(TerminationReasons.CorruptModel);
    }

    [Fact]
    public async Task Who_is_not_let_in_hears_so()
    {
        await server.PushAsync("iris", "v1", Artifact, (File, "model.onnx", StorageFixture.Model));
        (await storage.FailureAsync($"oci://{server.Host}/iris:v1")).Reason.Should().Be(TerminationReasons.AccessDenied);

        storage.Secret("username", OciServer.User).Secret("password", "wrong");
        (await storage.FailureAsync($"oci://{server.Host}/iris:v1")).Message.Should().Contain("UNAUTHORIZED").And.NotContain("wrong");

        var docker = new JsonObject { ["auths"] = new JsonObject { [$"https://{server.Host}/v1/"] = new JsonObject { ["auth"] = Basic() } } };
        await storage.Secret(".dockerconfigjson", docker.ToJsonString()).PullAsync($"oci://{server.Host}/iris:v1", StorageFixture.Sha256);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await server.PushAsync("iris", "v1", Artifact, (File, "model.onnx", StorageFixture.Model));
        AsUser();
        (await storage.FailureAsync($"oci://{server.Host}/iris:v2")).Message.Should().Contain("MANIFEST_UNKNOWN");
        (await storage.FailureAsync($"oci://{server.Host}/nothing")).Reason.Should().Be(TerminationReasons.NotFound);
    }

    [Theory]
    [InlineData("oci://host")]
    [InlineData("oci://host/UPPER:v1")]
    [InlineData("oci://host/a@sha256:123")]
    [InlineData("oci://host/a/../b")]
    [InlineData("oci://host/a:v1/b")]
    [InlineData("oci://user@host/a")]
    public async Task An_address_that_cannot_work_is_refused_at_once(string address) =>
        (await storage.FailureAsync(address)).Reason.Should().Be(TerminationReasons.InvalidUri);

    [Fact]
    public async Task The_token_that_a_challenge_asks_for_is_got_and_kept()
    {
        var spoken = new SpokenOci();
        spoken.Files["iris/model.onnx"] = StorageFixture.Model;
        spoken.Files["iris/a.data"] = [1];
        await using var registry = await SpokenServer.StartAsync(spoken);
        await using var tokens = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("""{"token": "t0ken", "expires_in": 300}"""));
        registry.Fault = context =>
        {
            if (context.Request.Headers.Authorization == "Bearer t0ken")
                return Task.FromResult(false);
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{tokens.Address}token?account=x\",service=\"models, and more\"";
            return Task.FromResult(true);
        };

        await AsUser().PullAsync(spoken.AddressOf(registry.Address, "iris"));

        var asked = tokens.Requests.Should().ContainSingle().Subject;
        asked.Headers["Authorization"].Should().Be("Basic " + Basic());
        (asked.Query("account"), asked.Query("service"), asked.Query("scope")).Should().Be(("x", "models, and more", "repository:iris:pull"));
        registry.Http.Requests.Should().OnlyContain(r => !r.Headers.ContainsKey("Authorization") || r.Headers["Authorization"] == "Bearer t0ken");
    }

    [Fact]
    public async Task A_manifest_that_is_another_than_was_asked_for_is_refused()
    {
        var spoken = new SpokenOci();
        spoken.Files["iris/model.onnx"] = StorageFixture.Model;
        await using var registry = await SpokenServer.StartAsync(spoken);

        var failure = await storage.FailureAsync($"oci://{registry.Address.Authority}/iris@sha256:{new string('0', 64)}");

        failure.Reason.Should().Be(TerminationReasons.DigestMismatch);
    }

    [Fact]
    public void Of_an_index_the_manifest_for_this_processor_is_read()
    {
        var index = """{"manifests": [{"digest": "sha256:s", "platform": {"architecture": "s390x"}}, {"digest": "sha256:a", "platform": {"architecture": "arm64"}}, {"digest": "sha256:x", "platform": {"architecture": "amd64"}}]}"""u8;
        OciManifest.Read(index.ToArray()).Next.Should().BeOneOf("sha256:a", "sha256:x");
        OciManifest.Read("""{"manifests": [{"digest": "sha256:s"}]}"""u8.ToArray()).Next.Should().Be("sha256:s");
    }

    private StorageFixture AsUser() => storage.Secret("username", OciServer.User).Secret("password", OciServer.Password);

    private static string Basic() => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{OciServer.User}:{OciServer.Password}"));

    private static byte[] Pack(bool gzip, Action<TarWriter> write)
    {
        using var packed = new MemoryStream();
        using (var stream = gzip ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : (Stream)packed)
        using (var tar = new TarWriter(stream, leaveOpen: true))
            write(tar);
        return packed.ToArray();
    }

    private static void Add(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
