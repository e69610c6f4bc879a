using System.Security;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sluice.Support.Http;

/// <summary>
/// A bucket that only one pair of keys opens: each request's Signature Version 4 is computed again from what arrived, as S3 does
/// (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). s3rver, which is a whole server, does not do that.
/// </summary>
public sealed class SignedBucket(string key, string secret) : IAsyncDisposable
{
    private readonly SortedDictionary<string, byte[]> objects = new(StringComparer.Ordinal);
    private LoopbackServer? server;
    private int downloads;

    public Uri Address => server!.Address;

    /// <summary>How often the bytes of an object have been asked for and given.</summary>
    public int Downloads => Volatile.Read(ref downloads);

    /// <summary>Of <c>/BUCKET/KEY</c>.</summary>
    public SignedBucket With(string path, byte[] content)
    {
        objects[path] = content;
        return this;
    }

    public async Task<SignedBucket> StartAsync()
    {
        server = await LoopbackServer.StartAsync(AnswerAsync);
        return this;
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (Problem(context.Request.Method, target, context.Request.Headers, key, secret) is { } problem)
            return RefuseAsync(context, 403, problem);
        if (context.Request.Query["list-type"] == "2")
            return ListAsync(context, context.Request.Path.Value!.Trim('/') + '/', context.Request.Query["prefix"].ToString());
        if (!objects.TryGetValue(context.Request.Path.Value!, out var content))
            return RefuseAsync(context, 404, "NoSuchKey");
        context.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"";
        context.Response.ContentLength = content.Length;
        if (HttpMethods.IsHead(context.Request.Method))
            return Task.CompletedTask;
        Interlocked.Increment(ref downloads);
        return context.Response.Body.WriteAsync(content).AsTask();
    }

    private Task ListAsync(HttpContext context, string bucket, string prefix)
    {
        var start = '/' + bucket;
        var found = objects.Where(o => o.Key.StartsWith(start + prefix, StringComparison.Ordinal))
            .Select(o => $"<Contents><Key>{SecurityElement.Escape(o.Key[start.Length..])}</Key><Size>{o.Value.Length}</Size></Contents>");
        return context.Response.WriteAsync($"<ListBucketResult>{string.Concat(found)}</ListBucketResult>");
    }

    private static Task RefuseAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync($"<Error><Code>{code}</Code></Error>");
    }

    /// <summary>S3's code for what is wrong with who asks; null when nothing is.</summary>
    /// <param name="method">Of the request.</param>
    /// <param name="target">Its path and query as they came.</param>
    /// <param name="headers">All of them.</param>
    /// <param name="key">Who is let in.</param>
    /// <param name="secret">What he signs with.</param>
    public static string? Problem(string method, string target, IHeaderDictionary headers, string key, string secret)
    {
        const string Algorithm = "AWS4-HMAC-SHA256 ";
        var authorization = headers.Authorization.ToString();
        if (!authorization.StartsWith(Algorithm, StringComparison.Ordinal))
            return "AccessDenied";
        var parts = authorization[Algorithm.Length..].Split(',').Select(static p => p.Trim().Split('=', 2)).ToDictionary(static p => p[0], static p => p[1]);
        var scope = parts["Credential"].Split('/');
        if (scope[0] != key)
            return "InvalidAccessKeyId";
        var names = parts["SignedHeaders"].Split(';');
        if (!names.Contains("host") || !names.Contains("x-amz-date"))
            return "AccessDenied";
        var (path, query) = target.Split('?', 2) is [var p, var q] ? (p, q) : (target, "");
        var canonical = string.Join(
            '\n', method, path, string.Join('&', query.Split('&').Order(StringComparer.Ordinal)),
            string.Concat(names.Select(n => $"{n}:{headers[n].ToString().Trim()}\n")), parts["SignedHeaders"], headers["x-amz-content-sha256"].ToString());
        var text = string.Join(
            '\n', Algorithm.Trim(), headers["x-amz-date"].ToString(), string.Join('/', scope[1..]),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var signing = scope[1..].Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), static (with, part) => HMACSHA256.HashData(with, Encoding.UTF8.GetBytes(part)));
        var wanted = HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(text));
        return parts["Signature"] == Convert.ToHexStringLower(wanted) ? null : "SignatureDoesNotMatch";
    }
}
