using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Operations;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Storage;

namespace Sluice.LocalCluster.Api.Http;

/// <summary>The verbs on objects and collections, and on the <c>status</c> and <c>finalize</c> subresources.</summary>
internal sealed class ResourceHandler(ApiState state)
{
    static readonly TimeSpan LeastWatch = TimeSpan.FromMinutes(30);

    readonly Listing listing = new(state);
    readonly Watching watching = new(state);
    readonly Writing writing = new(state);
    readonly Deleting deleting = new(state);

    public Writing Writing => writing;

    public Deleting Deleting => deleting;

    public Task RunAsync(Call call) => (call.Request.Method, call.Target.Name.Length > 0) switch
    {
        ("GET" or "HEAD", true) when call.Request.Query.Flag("watch") => WatchAsync(call),
        ("GET" or "HEAD", true) => GetAsync(call),
        ("GET" or "HEAD", false) => call.Request.Query.Flag("watch") ? WatchAsync(call) : ListAsync(call),
        ("POST", false) => CreateAsync(call),
        ("PUT", true) => UpdateAsync(call),
        ("PATCH", true) => PatchAsync(call),
        ("DELETE", true) => DeleteAsync(call),
        ("DELETE", false) => DeleteCollectionAsync(call),
        _ => throw ApiException.MethodNotAllowed(),
    };

    /// <summary>Reading and writing through a subresource that shows the whole object.</summary>
    public Task RunSubresourceAsync(Call call) => call.Request.Method switch
    {
        "GET" or "HEAD" when call.Target.Subresource == "status" => GetAsync(call),
        "PUT" => UpdateAsync(call),
        "PATCH" when call.Target.Subresource == "status" => PatchAsync(call),
        _ => throw ApiException.MethodNotAllowed(),
    };

    static Task GetAsync(Call call)
    {
        var obj = call.Kind.Objects.Find(StoredObject.KeyOf(call.Target.Namespace, call.Target.Name)) ?? throw call.NotFound();
        return Answers.JsonAsync(call.Context, 200, call.Rendering().One(obj));
    }

    Task ListAsync(Call call)
    {
        var query = call.Request.Query;
        var filter = Filter.Of(call.Kind, call.Version.Name, call.Target.Namespace, call.Request);
        var page = listing.List(filter, query.Number("limit") ?? 0, query["continue"].ToString(), query.Version(), query["resourceVersionMatch"].ToString());
        return Answers.JsonAsync(call.Context, 200, call.Rendering().Many(page.Objects, page.Head));
    }

    Task WatchAsync(Call call)
    {
        var query = call.Request.Query;
        var filter = Filter.Of(call.Kind, call.Version.Name, call.Target.Namespace, call.Request);
        if (call.Target.Name.Length > 0)
            filter = filter.Named(call.Target.Name);
        var initial = query["sendInitialEvents"].ToString() is "true" or "1";
        CheckInitialEvents(query, initial);
        var timeout = query.Number("timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : LeastWatch;
        var request = new WatchRequest(filter, query.Version(), query.Flag("allowWatchBookmarks"), initial, timeout);
        return watching.StreamAsync(call.Context, request, call.Rendering());
    }

    static void CheckInitialEvents(IQueryCollection query, bool initial)
    {
        const string Prefix = "ListOptions.meta.k8s.io \"\" is invalid: ";
        var match = query["resourceVersionMatch"].ToString();
        if (query.ContainsKey("sendInitialEvents") && match != "NotOlderThan")
        {
            throw new ApiException(422, "Invalid", Prefix + (match.Length == 0
                ? "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
                : $"resourceVersionMatch: Unsupported value: \"{match}\": supported values: \"NotOlderThan\""));
        }

        if (!query.ContainsKey("sendInitialEvents") && match.Length > 0)
            throw new ApiException(422, "Invalid", Prefix + "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        if (initial && !query.Flag("allowWatchBookmarks"))
            throw new ApiException(422, "Invalid", Prefix + "allowWatchBookmarks: Forbidden: sendInitialEvents requires allowWatchBookmarks");
    }

    async Task CreateAsync(Call call)
    {
        var rendering = call.Rendering();
        var options = WriteOptions.Of(call.Request);
        var reading = new Reading();
        var sent = Body.Object(call.Request, await Body.ReadAsync(call.Request, call.Stop), call.Kind.Type, reading);
        var created = writing.Create(call.Write(options), sent, reading);
        Warn(call, options, reading);
        await Answers.JsonAsync(call.Context, 201, rendering.One(created));
    }

    async Task UpdateAsync(Call call)
    {
        var rendering = call.Rendering();
        var options = WriteOptions.Of(call.Request);
        var reading = new Reading();
        var sent = Body.Object(call.Request, await Body.ReadAsync(call.Request, call.Stop), call.Kind.Type, reading);
        var (obj, _) = writing.Update(call.Write(options), sent, reading);
        Warn(call, options, reading);
        await Answers.JsonAsync(call.Context, 200, rendering.One(obj));
    }

    async Task PatchAsync(Call call)
    {
        var rendering = call.Rendering();
        var options = WriteOptions.Of(call.Request);
        var reading = new Reading();
        var body = await Body.ReadAsync(call.Request, call.Stop);
        var (obj, created) = new Patching(writing).Run(call.Write(options), Body.MediaType(call.Request), body, reading);
        Warn(call, options, reading);
        await Answers.JsonAsync(call.Context, created ? 201 : 200, rendering.One(obj));
    }

    async Task DeleteAsync(Call call)
    {
        var rendering = call.Rendering();
        var options = DeleteOptions.Of(await OptionsAsync(call), call.Request);
        var (obj, gone) = deleting.Delete(call.Write(WriteOptions.Of(call.Request)), options);
        // Small built-in answer when the object is gone, the object itself while something holds it.
        if (gone && call.Target.Resource != "pods")
            await Answers.JsonAsync(call.Context, 200, Success(call, obj));
        else
            await Answers.JsonAsync(call.Context, 200, rendering.One(obj));
    }

    async Task DeleteCollectionAsync(Call call)
    {
        var rendering = call.Rendering();
        var options = DeleteOptions.Of(await OptionsAsync(call), call.Request);
        var filter = Filter.Of(call.Kind, call.Version.Name, call.Target.Namespace, call.Request);
        var page = listing.List(filter, 0, "", null, "");
        foreach (var obj in page.Objects)
        {
            try
            {
                deleting.Delete(call.Write(WriteOptions.Of(call.Request), obj.Name) with { Namespace = obj.Namespace }, options);
            }
            catch (ApiException error) when (error.Code == 404)
            {
                // Somebody else was faster.
            }
        }

        await Answers.JsonAsync(call.Context, 200, rendering.Many(page.Objects, page.Head));
    }

    static async Task<JsonObject?> OptionsAsync(Call call)
    {
        var body = await Body.ReadAsync(call.Request, call.Stop);
        return body.Length == 0 ? null : Body.Object(call.Request, body, Types.TypeTable.BuiltIn["meta.DeleteOptions"], new Reading());
    }

    static JsonObject Success(Call call, StoredObject obj)
    {
        var details = ApiException.DetailsOf(call.Target.Group, call.Target.Resource, obj.Name);
        details["uid"] = obj.Uid;
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }

    static void Warn(Call call, WriteOptions options, Reading reading)
    {
        if (options.Validation != FieldValidation.Warn)
            return;
        foreach (var finding in WriteRequest.Findings(reading))
            Answers.Warn(call.Context, finding);
    }
}
