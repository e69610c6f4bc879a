using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Support.Http;

namespace Sluice.Operator.Tests.Faults;

/// <summary>
/// An API server with just enough sense to see whether the operator comes to the same end whatever goes wrong: objects,
/// versions, preconditions, watches. Apply is a plain merge; what server-side apply really does is the integration
/// suite's affair.
/// </summary>
internal sealed class MiniApi : IAsyncDisposable
{
    readonly LoopbackServer server;
    readonly Lock gate = new();
    readonly List<string> journal = [];
    int writes;

    MiniApi(LoopbackServer server)
    {
        this.server = server;
        server.Handler = AnswerAsync;
    }

    public Uri Address => server.Address;

    public MiniStore Store { get; } = new();

    /// <summary>What happens to a write, by its number from 1.</summary>
    public Func<int, Fault> Faults { get; set; } = static _ => Fault.None;

    /// <summary>Kinds (plurals) whose events are held back.</summary>
    public string? Held { get; set; }

    public int Writes
    {
        get { lock (gate) return writes; }
    }

    /// <summary>Writes that were carried out so far, as verb and path, without the events that are only told.</summary>
    public string[] Written
    {
        get { lock (gate) return [.. journal]; }
    }

    public static async Task<MiniApi> StartAsync() => new(await LoopbackServer.StartAsync());

    public ValueTask DisposeAsync() => server.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        var request = RecordedRequest.Of(context);
        var at = MiniPath.Parse(request.Path);
        if (request.Query("watch") == "true")
        {
            await WatchAsync(context, at, request);
            return;
        }

        if (request.Method == "GET")
        {
            await ReadAsync(context, at, request);
            return;
        }

        await WriteAsync(context, at, request);
    }

    async Task ReadAsync(HttpContext context, MiniPath at, RecordedRequest request)
    {
        if (at.Name is null)
        {
            var (items, version) = Store.List(at, request.Query("labelSelector"));
            var list = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = version }, ["items"] = new JsonArray([.. items]) };
            await JsonAsync(context, 200, list);
        }
        else
        {
            await JsonAsync(context, Store.Get(at) is { } found ? 200 : 404, Store.Get(at) ?? Status(404, "NotFound"));
        }
    }

    async Task WriteAsync(HttpContext context, MiniPath at, RecordedRequest request)
    {
        Fault fault;
        int code;
        JsonObject answer;
        lock (gate)
        {
            fault = at.Plural == "events" ? Fault.None : Faults(++writes);
            if (fault is Fault.Fail or Fault.Conflict or Fault.Dead)
                (code, answer) = fault == Fault.Conflict ? (409, Status(409, "Conflict")) : (500, Status(500, "InternalError"));
            else
                (code, answer) = Store.Write(at, request);
            if (code < 300 && at.Plural != "events")
                journal.Add($"{request.Method} {request.Path}");
        }

        if (fault == Fault.LoseAnswer)
            context.Abort();
        else
            await JsonAsync(context, code, answer);
    }

    async Task WatchAsync(HttpContext context, MiniPath at, RecordedRequest request)
    {
        var seen = long.Parse(request.Query("resourceVersion") ?? "0");
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync();
        while (!context.RequestAborted.IsCancellationRequested && !server.Closing.IsCancellationRequested)
        {
            var changed = Store.Changed;
            if (Held != at.Plural)
            {
                foreach (var (version, line) in Store.EventsAfter(at, seen, request.Query("labelSelector")))
                {
                    await context.Response.WriteAsync(line + "\n", context.RequestAborted);
                    seen = version;
                }

                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            await Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(Held is null ? 5000 : 20), TimeProvider.System, server.Closing));
        }
    }

    public static JsonObject Status(int code, string reason) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["status"] = "Failure",
        ["reason"] = reason,
        ["message"] = reason,
        ["code"] = code,
    };

    static async Task JsonAsync(HttpContext context, int code, JsonNode body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}

internal enum Fault
{
    None,

    /// <summary>Refused; the operator goes on.</summary>
    Fail,

    /// <summary>Lost against another writer.</summary>
    Conflict,

    /// <summary>Carried out, but the operator never hears of it.</summary>
    LoseAnswer,

    /// <summary>The operator has died before it.</summary>
    Dead,
}

/// <summary>What a path of the API names.</summary>
internal sealed record MiniPath(string Plural, string? Namespace, string? Name, string? Subresource)
{
    public static MiniPath Parse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var rest = parts[(parts[0] == "api" ? 2 : 3)..];
        var ns = rest is ["namespaces", var name, _, ..] ? name : null;
        if (ns is not null)
            rest = rest[2..];
        return new MiniPath(rest[0], ns, rest.ElementAtOrDefault(1), rest.ElementAtOrDefault(2));
    }
}
