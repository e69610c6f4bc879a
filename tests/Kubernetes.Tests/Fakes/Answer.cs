using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Support.Http;

namespace Sluice.Kubernetes.Tests.Fakes;

/// <summary>What an API server can say.</summary>
internal static class Answer
{
    /// <summary>Steps of a watch: a line, or something that ends it.</summary>
    public static readonly Func<FakeApi, HttpContext, Task> Hang = (api, context) => context.HangAsync(api.Closing);

    public static readonly Func<FakeApi, HttpContext, Task> Drop = (_, context) => context.DropAsync();

    public static Func<FakeApi, HttpContext, Task> Json(string json, int code = 200) => async (_, context) =>
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    };

    public static Func<FakeApi, HttpContext, Task> Status(
        int code, string reason, string message = "because", int? retryAfter = null, string details = "{}") => async (api, context) =>
    {
        if (retryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Json(StatusJson(code, reason, message, details), code)(api, context);
    };

    public static string StatusJson(int code, string reason, string message = "because", string details = "{}") =>
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","details":{{details}},"code":{{code}}}""";

    public static Func<FakeApi, HttpContext, Task> List(string version, params string[] items) => Page(version, null, items);

    public static Func<FakeApi, HttpContext, Task> Page(string version, string? next, params string[] items) => Json(
        $$$"""{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}"{{{(next is null ? "" : $",\"continue\":\"{next}\"")}}}},"items":[{{{string.Join(',', items)}}}]}""");

    public static Func<FakeApi, HttpContext, Task> Watch(params Func<FakeApi, HttpContext, Task>[] steps) => async (api, context) =>
    {
        context.Response.ContentType = "application/json";
        // The headers of a watch go out before there is anything to tell.
        await context.Response.Body.FlushAsync();
        foreach (var step in steps)
            await step(api, context);
    };

    public static Func<FakeApi, HttpContext, Task> Text(string text) => (_, context) => context.SendNowAsync(text);

    public static Func<FakeApi, HttpContext, Task> Added(string item) => Event("ADDED", item);

    public static Func<FakeApi, HttpContext, Task> Modified(string item) => Event("MODIFIED", item);

    public static Func<FakeApi, HttpContext, Task> Deleted(string item) => Event("DELETED", item);

    public static Func<FakeApi, HttpContext, Task> Bookmark(string version) => Event("BOOKMARK",
        $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}","creationTimestamp":null}}""");

    public static Func<FakeApi, HttpContext, Task> Error(int code, string reason, string details = "{}") =>
        Event("ERROR", StatusJson(code, reason, "because", details));

    public static Func<FakeApi, HttpContext, Task> Event(string type, string item) =>
        Text($$"""{"type":"{{type}}","object":{{item}}}""" + "\n");

    /// <summary>A ConfigMap whose data is <c>{"v": value}</c>.</summary>
    public static string Map(string name, string version, string value = "x", string labels = "{}") =>
        $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"ns","uid":"uid-{{{name}}}","resourceVersion":"{{{version}}}","labels":{{{labels}}},"managedFields":[{"manager":"x"}]},"data":{"v":"{{{value}}}"}}""";

    /// <summary>A ConfigMap whose data is no map of texts.</summary>
    public static string Poison(string name, string version) =>
        $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"ns","uid":"uid-{{{name}}}","resourceVersion":"{{{version}}}"},"data":17}""";
}
