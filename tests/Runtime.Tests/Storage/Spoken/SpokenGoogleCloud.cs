using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sluice.Runtime.Tests.Storage.Spoken;

/// <summary>cloud.google.com/storage/docs/json_api: objects get, objects get with alt=media, objects list.</summary>
public sealed class SpokenGoogleCloud : SpokenScheme
{
    private const string Objects = "/storage/v1/b/models/o";

    public override string AddressOf(Uri server, string path) => $"gs://models/{path}";

    public override void Prepare(StorageFixture storage, Uri server) => storage.Variables["STORAGE_EMULATOR_HOST"] = server.ToString();

    public override bool IsContent(HttpContext context) => context.Request.Query["alt"] == "media" && context.Request.Query.ContainsKey("generation");

    public override Task AnswerAsync(HttpContext context)
    {
        // With the object's slashes still escaped, as the API wants them.
        var path = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        var query = context.Request.Query;
        if (path == Objects)
            return ListAsync(context, query["prefix"].ToString(), query["pageToken"]);
        if (!path.StartsWith(Objects + "/", StringComparison.Ordinal) || path[(Objects.Length + 1)..].Contains('/'))
            return NotFoundAsync(context);
        var key = Uri.UnescapeDataString(path[(Objects.Length + 1)..]);
        if (query["alt"] == "media")
            return SendAsync(context, key);
        return Files.ContainsKey(key) ? context.Response.WriteAsync(About(key).ToJsonString()) : NotFoundAsync(context);
    }

    private Task ListAsync(HttpContext context, string prefix, string? page)
    {
        var (keys, next) = Page(prefix, page);
        var listing = new JsonObject { ["kind"] = "storage#objects" };
        // As the real one does, no items at all instead of an empty array.
        if (keys.Count > 0)
            listing["items"] = new JsonArray([.. keys.Select(About)]);
        if (next is not null)
            listing["nextPageToken"] = next;
        return context.Response.WriteAsync(listing.ToJsonString());
    }

    /// <summary>Numbers of 64 bits are texts in this API.</summary>
    private JsonObject About(string key) => new() { ["name"] = key, ["size"] = $"{Files[key].Length}", ["generation"] = "1699999999999999" };

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = 404;
        return context.Response.WriteAsync("""{"error": {"code": 404, "message": "No such object"}}""");
    }
}
