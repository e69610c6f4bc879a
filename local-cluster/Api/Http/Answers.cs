using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Http;

/// <summary>Writes answers.</summary>
internal static class Answers
{
    public static Task JsonAsync(HttpContext context, int code, byte[] utf8)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = utf8.Length;
        context.Response.Headers.CacheControl = "no-cache, private";
        return context.Response.Body.WriteAsync(utf8, context.RequestAborted).AsTask();
    }

    public static Task JsonAsync(HttpContext context, int code, JsonNode node) => JsonAsync(context, code, JsonText.Write(node));

    public static Task TextAsync(HttpContext context, int code, string text)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    public static Task ErrorAsync(HttpContext context, ApiException error) => error.Plain
        ? TextAsync(context, error.Code, error.Message + "\n")
        : JsonAsync(context, error.Code, error.ToStatus());

    /// <summary>Something that the client should tell its user; kubectl prints it.</summary>
    public static void Warn(HttpContext context, string text)
    {
        var safe = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace('\n', ' ').Replace('\r', ' ');
        context.Response.Headers.Append("Warning", $"299 - \"{safe}\"");
    }
}
