using System.Security;
using Microsoft.AspNetCore.Http;

namespace Sluice.Runtime.Tests.Storage.Spoken;

/// <summary>learn.microsoft.com/rest/api/storageservices: Get Blob, Get Blob Properties, List Blobs, as a data lake answers.</summary>
public sealed class SpokenAzure : SpokenScheme
{
    public override string AddressOf(Uri server, string path) => $"azure-blob://account/models/{path}";

    public override void Prepare(StorageFixture storage, Uri server) => storage.Variables["AZURE_STORAGE_SERVICE_ENDPOINT"] = server.ToString();

    public override bool IsContent(HttpContext context) => HttpMethods.IsGet(context.Request.Method)
        && !context.Request.Query.ContainsKey("comp") && !context.Request.Path.Value!.EndsWith(".sha256", StringComparison.Ordinal);

    public override Task AnswerAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["comp"] == "list")
            return ListAsync(context, query["prefix"].ToString(), query["marker"]);
        var key = context.Request.Path.Value!["/models/".Length..];
        if (!IsFolder(key))
            return SendAsync(context, key);
        context.Response.Headers["x-ms-meta-hdi_isfolder"] = "true";
        return Task.CompletedTask;
    }

    private Task ListAsync(HttpContext context, string prefix, string? marker)
    {
        var (keys, next) = Page(prefix, marker);
        var folders = keys.Select(static k => k[..k.LastIndexOf('/')]).Where(f => f.StartsWith(prefix, StringComparison.Ordinal)).Distinct();
        var blobs = string.Concat(folders.Select(static f => Blob(f, 0, "directory")).Concat(keys.Select(k => Blob(k, Files[k].Length, "file"))));
        // The real one begins with a byte order mark.
        return context.Response.WriteAsync(
            $"\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"https://account.blob.core.windows.net/\" ContainerName=\"models\">"
            + $"<Blobs>{blobs}</Blobs>{(next is null ? "<NextMarker />" : $"<NextMarker>{next}</NextMarker>")}</EnumerationResults>");
    }

    private bool IsFolder(string key) => Files.Keys.Any(k => k.StartsWith(key + '/', StringComparison.Ordinal));

    private static string Blob(string name, int size, string type) =>
        $"<Blob><Name>{SecurityElement.Escape(name)}</Name><Properties><Etag>0x8D</Etag><Content-Length>{size}</Content-Length><ResourceType>{type}</ResourceType></Properties></Blob>";
}
