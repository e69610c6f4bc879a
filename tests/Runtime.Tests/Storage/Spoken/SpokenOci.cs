using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sluice.Runtime.Tests.Storage.Spoken;

/// <summary>
/// github.com/opencontainers/distribution-spec: the base, manifests and blobs. A file and a folder are each a repository of
/// their own, with a layer for each file.
/// </summary>
public sealed class SpokenOci : SpokenScheme
{
    public override string AddressOf(Uri server, string path) => $"oci://{server.Authority}/{path}:v1";

    public override bool IsContent(HttpContext context) => context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal);

    public override Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/v2/")
            return Task.CompletedTask;
        if (IsContent(context))
            return SendAsync(context, Files.FirstOrDefault(f => path.EndsWith(OciServer.DigestOf(f.Value), StringComparison.Ordinal)).Key ?? "");
        var repository = path["/v2/".Length..path.IndexOf("/manifests/", StringComparison.Ordinal)];
        var layers = Files.Where(f => f.Key == repository || f.Key.StartsWith(repository + '/', StringComparison.Ordinal)).Select(f => Layer(repository, f.Key)).ToArray();
        if (layers.Length == 0)
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("""{"errors": [{"code": "NAME_UNKNOWN", "message": "repository name not known to registry"}]}""");
        }
        var manifest = new JsonObject { ["schemaVersion"] = 2, ["config"] = new JsonObject { ["mediaType"] = "application/vnd.oci.empty.v1+json" }, ["layers"] = new JsonArray(layers) };
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(manifest.ToJsonString())).AsTask();
    }

    private JsonObject Layer(string repository, string file) => new()
    {
        ["mediaType"] = "application/vnd.onnx",
        ["digest"] = OciServer.DigestOf(Files[file]),
        ["size"] = Files[file].Length,
        ["annotations"] = new JsonObject { ["org.opencontainers.image.title"] = file == repository ? Path.GetFileName(file) : file[(repository.Length + 1)..] },
    };
}
