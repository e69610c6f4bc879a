using Microsoft.AspNetCore.Http;
using Sluice.Support.Http;

namespace Sluice.Runtime.Tests.Storage.Spoken;

/// <summary>A storage protocol as a server speaks it, from its public description, over files in memory.</summary>
public abstract class SpokenScheme
{
    /// <summary>What lies in the storage, by the path below its bucket, repository or whatever it has.</summary>
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether folders can be had.</summary>
    public virtual bool HasFolders => true;

    /// <summary>The address of a file, or with '/' at its end of a folder.</summary>
    public abstract string AddressOf(Uri server, string path);

    /// <summary>Tells the fetching side where the server is.</summary>
    public virtual void Prepare(StorageFixture storage, Uri server)
    {
    }

    /// <summary>Whether a request is for the bytes of a file, rather than for what there is.</summary>
    public abstract bool IsContent(HttpContext context);

    public abstract Task AnswerAsync(HttpContext context);

    /// <summary>The rest from where the other side wants it, or 404.</summary>
    protected async Task SendAsync(HttpContext context, string path)
    {
        if (!Files.TryGetValue(path, out var content))
        {
            context.Response.StatusCode = 404;
            return;
        }
        var tag = $"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))[..16]}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfMatch.Count > 0 && context.Request.Headers.IfMatch != tag)
        {
            context.Response.StatusCode = 412;
            return;
        }
        var from = 0;
        if (context.Request.GetTypedHeaders().Range is { } range && (context.Request.Headers.IfRange.Count == 0 || context.Request.Headers.IfRange == tag))
        {
            from = (int)range.Ranges.Single().From!.Value;
            if (from >= content.Length)
            {
                context.Response.StatusCode = 416;
                return;
            }
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }
        context.Response.ContentLength = content.Length - from;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(content.AsMemory(from));
    }

    /// <summary>Keys that begin so, at most two on a page, and what names the next page.</summary>
    protected (IReadOnlyList<string> Keys, string? Next) Page(string prefix, string? page)
    {
        const int most = 2;
        var from = int.TryParse(page, out var number) ? number : 0;
        var all = Files.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return ([.. all.Skip(from).Take(most)], from + most < all.Count ? $"{from + most}" : null);
    }
}

/// <summary>A server that speaks one scheme, well or not.</summary>
public sealed class SpokenServer(SpokenScheme scheme, LoopbackServer server) : IAsyncDisposable
{
    /// <summary>What to do instead of answering; false lets the answer through.</summary>
    public Func<HttpContext, Task<bool>> Fault { get; set; } = static _ => Task.FromResult(false);

    public LoopbackServer Http => server;

    public Uri Address => server.Address;

    public static async Task<SpokenServer> StartAsync(SpokenScheme scheme)
    {
        var started = new SpokenServer(scheme, await LoopbackServer.StartAsync());
        started.Http.Handler = started.AnswerAsync;
        return started;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (!await Fault(context))
            await scheme.AnswerAsync(context);
    }
}
