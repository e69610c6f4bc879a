using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources;

namespace Sluice.LocalCluster.Api.OpenApi;

/// <summary>
/// <c>/openapi/v3</c>: an index and a document for each group and version, from which kubectl validates, explains and
/// merges. Documents are made when asked for and kept until a kind changes.
/// </summary>
internal sealed class OpenApiDocuments(KindRegistry kinds)
{
    readonly Lock gate = new();
    readonly Dictionary<string, byte[]> made = new(StringComparer.Ordinal);
    long madeAt = -1;

    public Task V3Async(HttpContext context, string path)
    {
        if (path.Length == 0)
            return Answers.JsonAsync(context, 200, Document("", Index));
        var (group, version) = path.Split('/') switch
        {
            ["api", var core] => ("", core),
            ["apis", var name, var served] => (name, served),
            _ => throw ApiException.UnknownPath(),
        };
        if (ServedIn(group, version).Count == 0)
            throw ApiException.UnknownPath();
        CheckAccepts(context);
        if (context.Request.Query.ContainsKey("hash"))
            context.Response.Headers.CacheControl = "public, immutable";
        return Answers.JsonAsync(context, 200, Document(path, () => OpenApiV3.Document(group, version, ServedIn(group, version))));
    }

    /// <summary>Version 2 in JSON; its protobuf form, which old clients prefer, is not made.</summary>
    public Task V2Async(HttpContext context)
    {
        CheckAccepts(context);
        return Answers.JsonAsync(context, 200, Document("v2", () => OpenApiV2.Document(kinds.All)));
    }

    static void CheckAccepts(HttpContext context)
    {
        var accept = context.Request.Headers.Accept.ToString();
        if (accept.Length > 0 && !accept.Contains("application/json", StringComparison.Ordinal) && !accept.Contains("*/*", StringComparison.Ordinal))
            throw ApiException.NotAcceptable("application/json");
    }

    List<IKind> ServedIn(string group, string version) =>
        [.. kinds.All.Where(kind => kind.Info.Group == group && kind.Versions.Any(served => served.Name == version))];

    JsonObject Index()
    {
        var paths = new JsonObject();
        var all = kinds.All.SelectMany(kind => kind.Versions.Select(version => (kind.Info.Group, version.Name))).Distinct();
        foreach (var (group, version) in all.OrderBy(one => one.Group, StringComparer.Ordinal).ThenBy(one => one.Name, StringComparer.Ordinal))
        {
            var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
            var bytes = Document(path, () => OpenApiV3.Document(group, version, ServedIn(group, version)));
            var hash = Convert.ToHexString(SHA256.HashData(bytes));
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    byte[] Document(string path, Func<JsonObject> make)
    {
        lock (gate)
        {
            // A lock may be entered again by its own thread: the index asks for the documents.
            if (madeAt != kinds.Revision)
            {
                made.Clear();
                madeAt = kinds.Revision;
            }

            if (!made.TryGetValue(path, out var bytes))
                made[path] = bytes = JsonText.Write(make());
            return bytes;
        }
    }
}
