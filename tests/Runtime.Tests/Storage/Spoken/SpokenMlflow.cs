using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sluice.Runtime.Tests.Storage.Spoken;

/// <summary>
/// mlflow.org/docs/latest/rest-api.html: get run, get model version, its alias and its place, a logged model, and the server's
/// own artifacts, which lie below "1/run1/artifacts".
/// </summary>
public sealed class SpokenMlflow : SpokenScheme
{
    private const string Artifacts = "/api/2.0/mlflow-artifacts/artifacts";
    private const string Root = "1/run1/artifacts";

    /// <summary>Where the server says that the registered version 3 is.</summary>
    public string DownloadUri { get; set; } = $"mlflow-artifacts:/{Root}/iris";

    public override string AddressOf(Uri server, string path) => $"runs:/run1/{path}";

    public override void Prepare(StorageFixture storage, Uri server) => storage.Variables["MLFLOW_TRACKING_URI"] = server.ToString();

    public override bool IsContent(HttpContext context) => context.Request.Path.Value!.StartsWith(Artifacts + "/", StringComparison.Ordinal);

    public override Task AnswerAsync(HttpContext context)
    {
        var (path, query) = (context.Request.Path.Value!, context.Request.Query);
        if (IsContent(context))
            return SendAsync(context, path[$"{Artifacts}/{Root}/".Length..]);
        return path.Split('/')[^1] switch
        {
            "artifacts" => ListAsync(context, query["path"].ToString()),
            "get" when path.Contains("/runs/", StringComparison.Ordinal) => RunAsync(context, query["run_id"].ToString()),
            "get" => VersionAsync(context, query["name"] == "churn" && query["version"] == "3"),
            "alias" => VersionAsync(context, query["name"] == "churn" && query["alias"] == "champion"),
            "get-download-uri" => context.Response.WriteAsync(new JsonObject { ["artifact_uri"] = DownloadUri }.ToJsonString()),
            "m-1" => context.Response.WriteAsync($$$$"""{"model": {"info": {"model_id": "m-1", "artifact_uri": "mlflow-artifacts:/{{{{Root}}}}/iris", "source_run_id": "run1"}, "data": {}}}"""),
            _ => MissingAsync(context, 404),
        };
    }

    private static Task RunAsync(HttpContext context, string run) => run != "run1" ? MissingAsync(context, 404) : context.Response.WriteAsync($$$$"""
        {"run": {"info": {"run_id": "run1", "artifact_uri": "mlflow-artifacts:/{{{{Root}}}}", "status": "FINISHED"},
         "data": {"params": [{"key": "depth", "value": "5"}, {"key": "rate", "value": "0.1"}], "metrics": [{"key": "accuracy", "value": 0.94}]}}}
        """);

    private static Task VersionAsync(HttpContext context, bool exists) => exists
        ? context.Response.WriteAsync("""{"model_version": {"name": "churn", "version": "3", "source": "mlflow-artifacts:/x", "run_id": "run1", "status": "READY"}}""")
        : MissingAsync(context, 400);

    private static Task MissingAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync("""{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "not found"}""");
    }

    /// <summary>One level, names from the folder, sizes for files alone; of a file or of nothing the list is empty.</summary>
    private Task ListAsync(HttpContext context, string folder)
    {
        var prefix = folder.Length == Root.Length ? "" : folder[(Root.Length + 1)..] + '/';
        var below = Files.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(f => (Name: f.Key[prefix.Length..], f.Value)).ToList();
        var entries = below.Where(static f => !f.Name.Contains('/')).Select(static f => new JsonObject { ["path"] = f.Name, ["is_dir"] = false, ["file_size"] = f.Value.Length })
            .Concat(below.Where(static f => f.Name.Contains('/')).Select(static f => f.Name.Split('/')[0]).Distinct().Select(static n => new JsonObject { ["path"] = n, ["is_dir"] = true }));
        return context.Response.WriteAsync(new JsonObject { ["files"] = new JsonArray([.. entries]) }.ToJsonString());
    }
}
