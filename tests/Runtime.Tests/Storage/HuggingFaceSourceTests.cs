using Microsoft.AspNetCore.Http;
using Sluice.Contract;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>Against a server that answers in the shapes of the Hub's API.</summary>
public sealed class HuggingFaceSourceTests : IDisposable
{
    private readonly StorageFixture storage = new();
    private string sha256 = StorageFixture.Sha256;
    private string extra = "";

    public void Dispose() => storage.Dispose();

    [Theory]
    [InlineData("hf://org/repo/onnx/model.onnx", "main")]
    [InlineData("hf://org/repo@v1/onnx/model.onnx", "v1")]
    [InlineData("hf://org/repo:refs%2Fpr%2F1/onnx/model.onnx", "refs%2Fpr%2F1")]
    public async Task A_file_is_fetched_at_its_revision(string address, string revision)
    {
        await using var server = await StartAsync();

        await storage.PullAsync(address, StorageFixture.Sha256);

        storage.Fetched().Should().Equal(StorageFixture.Model);
        server.Requests[^1].Path.Replace("refs/pr/1", "refs%2Fpr%2F1").Should().Be($"/org/repo/resolve/{revision}/onnx/model.onnx");
    }

    [Fact]
    public async Task A_folder_is_read_over_all_pages_and_the_token_goes_to_the_Hub_alone()
    {
        await using var cdn = await LoopbackServer.StartAsync(context => context.Response.Body.WriteAsync(StorageFixture.Model).AsTask());
        await using var server = await StartAsync(cdn);
        storage.Secret("HF_TOKEN", "hf_secret");

        await storage.PullAsync("hf://org/repo/onnx");

        Sluice.Runtime.Storage.Digest.FilesIn(storage.To).Should().BeEquivalentTo("model.onnx", "second.onnx");
        server.Requests.Should().OnlyContain(r => r.Headers["Authorization"] == "Bearer hf_secret");
        cdn.Requests.Should().HaveCount(2).And.OnlyContain(r => !r.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task The_digest_of_the_listing_is_what_must_arrive()
    {
        sha256 = new string('0', 64);
        await using var server = await StartAsync();

        var failure = await storage.FailureAsync("hf://org/repo/onnx/model.onnx");

        failure.Reason.Should().Be(TerminationReasons.DigestMismatch);
        failure.Message.Should().Contain("the Hub's listing");
    }

    [Theory]
    [InlineData("hf://org", TerminationReasons.InvalidUri)]
    [InlineData("hf://org/repo/../x", TerminationReasons.InvalidUri)]
    [InlineData("hf://org/repo/nothing.onnx", TerminationReasons.NotFound)]
    [InlineData("hf://org/gated/model.onnx", TerminationReasons.AccessDenied)]
    public async Task What_cannot_be_had_has_its_reason(string address, string reason)
    {
        await using var server = await StartAsync();

        (await storage.FailureAsync(address)).Reason.Should().Be(reason);
    }

    [Fact]
    public async Task A_listing_that_leads_out_of_its_folder_is_refused()
    {
        extra = """, {"type": "file", "path": "onnx/../../x", "size": 1}""";
        await using var server = await StartAsync();

        (await storage.FailureAsync("hf://org/repo")).Reason.Should().Be(TerminationReasons.AccessDenied);
        server.Requests.Should().OnlyContain(r => r.Path.StartsWith("/api/"));
    }

    private async Task<LoopbackServer> StartAsync(LoopbackServer? cdn = null)
    {
        var server = await LoopbackServer.StartAsync(async context =>
        {
            var path = context.Request.Path.Value!;
            if (path.Contains("gated", StringComparison.Ordinal))
                context.Response.StatusCode = 401;
            else if (path.Contains("/resolve/", StringComparison.Ordinal) && cdn is not null)
                context.Response.Redirect(cdn.Address.ToString());
            else if (path.Contains("/resolve/", StringComparison.Ordinal))
                await context.Response.Body.WriteAsync(StorageFixture.Model);
            else
                await ListAsync(context);
        });
        storage.Variables["HF_ENDPOINT"] = server.Address.ToString();
        return server;
    }

    private async Task ListAsync(HttpContext context)
    {
        var size = StorageFixture.Model.Length;
        if (context.Request.Query.ContainsKey("cursor"))
        {
            await context.Response.WriteAsync($$"""[{"type": "file", "oid": "1", "size": {{size}}, "path": "onnx/second.onnx"}]""");
            return;
        }
        context.Response.Headers.Link = $"<http://{context.Request.Host}{context.Request.Path}?recursive=true&cursor=2>; rel=\"next\"";
        await context.Response.WriteAsync($$$"""
            [{"type": "directory", "oid": "1", "size": 0, "path": "onnx"}, {"type": "file", "oid": "2", "size": 5, "path": "README.md"},
             {"type": "file", "oid": "3", "size": {{{size}}}, "path": "onnx/model.onnx",
              "lfs": {"oid": "{{{sha256}}}", "size": {{{size}}}, "pointerSize": 133}}{{{extra}}}]
            """);
    }
}
