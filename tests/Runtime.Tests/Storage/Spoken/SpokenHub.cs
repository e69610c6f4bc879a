using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sluice.Runtime.Tests.Storage.Spoken;

/// <summary>huggingface.co/docs/hub/api: the tree of a repository and its files.</summary>
public sealed class SpokenHub : SpokenScheme
{
    private const string Resolve = "/org/repo/resolve/main/";

    public override string AddressOf(Uri server, string path) => $"hf://org/repo/{path}";

    public override void Prepare(StorageFixture storage, Uri server) => storage.Variables["HF_ENDPOINT"] = server.ToString();

    public override bool IsContent(HttpContext context) => context.Request.Path.StartsWithSegments("/org");

    public override Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.StartsWith(Resolve, StringComparison.Ordinal))
            return SendAsync(context, path[Resolve.Length..]);
        var (keys, next) = Page("", context.Request.Query["cursor"]);
        if (next is not null)
            context.Response.Headers.Link = $"<http://{context.Request.Host}{path}?recursive=true&cursor={next}>; rel=\"next\"";
        var entries = keys.Select(k => new JsonObject { ["type"] = "file", ["oid"] = "1", ["path"] = k, ["size"] = Files[k].Length });
        return context.Response.WriteAsync(new JsonArray([.. entries]).ToJsonString());
    }
}
