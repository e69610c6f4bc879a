using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Storage;

namespace Sluice.LocalCluster.Api.Operations;

/// <summary>What a watch wants.</summary>
/// <param name="Filter">Which objects.</param>
/// <param name="Version">From where; null or 0 for the present state first.</param>
/// <param name="Bookmarks">Whether to be told how far the watch has come.</param>
/// <param name="InitialEvents">The present state first, closed by a bookmark; then changes.</param>
/// <param name="Timeout">When the server ends the watch.</param>
internal sealed record WatchRequest(Filter Filter, long? Version, bool Bookmarks, bool InitialEvents, TimeSpan Timeout);

/// <summary>Streams the changes of a collection, one JSON line each.</summary>
internal sealed class Watching(ApiState state)
{
    static readonly TimeSpan BookmarkEvery = TimeSpan.FromSeconds(30);

    const int Batch = 500;

    public async Task StreamAsync(HttpContext context, WatchRequest request, Rendering rendering)
    {
        using var timeout = new CancellationTokenSource(request.Timeout, state.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        context.Response.StatusCode = 200;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-cache, private";
        var lines = new Lines(context.Response.Body, rendering);
        var at = await InitialAsync(request, lines, stop.Token);
        await lines.FlushAsync(stop.Token);
        await FollowAsync(request, lines, at, stop.Token, timeout.Token);
    }

    async Task<long> InitialAsync(WatchRequest request, Lines lines, CancellationToken stop)
    {
        if (request.Version is > 0 && !request.InitialEvents)
            return request.Version.Value;
        var snapshot = state.Store.Read(request.Filter.Kind.Objects);
        foreach (var obj in snapshot.Objects.Values.Where(request.Filter.Matches))
            await lines.WriteAsync("ADDED", obj, stop);
        if (request.InitialEvents)
            await lines.BookmarkAsync(snapshot.Version, initialEnd: true, stop);
        return snapshot.Version;
    }

    async Task FollowAsync(WatchRequest request, Lines lines, long at, CancellationToken stop, CancellationToken timedOut)
    {
        var history = request.Filter.Kind.Objects.History;
        var batch = new List<Change>(Batch);
        var bookmarked = state.Clock.GetTimestamp();
        try
        {
            while (true)
            {
                batch.Clear();
                // Read before the history, so that nothing up to it is missed when a bookmark names it.
                var seen = state.Store.Version;
                if (!history.Read(at, batch, Batch, out var changed))
                {
                    await lines.ErrorAsync(ApiException.Expired($"too old resource version: {at} ({history.Oldest})"), stop);
                    return;
                }

                foreach (var change in batch)
                    await DeliverAsync(request.Filter, change, lines, stop);
                at = batch.Count > 0 ? batch[^1].Version : Math.Max(at, seen);
                if (batch.Count > 0)
                {
                    await lines.FlushAsync(stop);
                    continue;
                }

                if (history.Closed)
                    return;
                if (request.Bookmarks && state.Clock.GetElapsedTime(bookmarked) >= BookmarkEvery)
                {
                    await lines.BookmarkAsync(at, initialEnd: false, stop);
                    await lines.FlushAsync(stop);
                    bookmarked = state.Clock.GetTimestamp();
                }

                await WaitAsync(changed, request.Bookmarks, stop);
            }
        }
        catch (OperationCanceledException) when (timedOut.IsCancellationRequested)
        {
            // The end that was asked for; the stream closes as if nothing more had happened.
        }
    }

    async Task WaitAsync(Task changed, bool bookmarks, CancellationToken stop)
    {
        if (!bookmarks)
        {
            await changed.WaitAsync(stop);
            return;
        }

        try
        {
            await changed.WaitAsync(BookmarkEvery, state.Clock, stop);
        }
        catch (TimeoutException)
        {
            // Time for a bookmark.
        }
    }

    /// <summary>An object that begins or ceases to match the selectors comes or goes in the eyes of the watcher.</summary>
    static Task DeliverAsync(Filter filter, Change change, Lines lines, CancellationToken stop)
    {
        var matches = change.Kind != ChangeKind.Deleted && filter.Matches(change.Object);
        var matched = change.Before is not null && filter.Matches(change.Before);
        return (matched, matches, change.Kind) switch
        {
            (false, true, _) => lines.WriteAsync("ADDED", change.Object, stop),
            (true, true, _) => lines.WriteAsync("MODIFIED", change.Object, stop),
            (true, false, ChangeKind.Deleted) => lines.WriteAsync("DELETED", change.Object, stop),
            (true, false, _) => lines.WriteAsync("DELETED", AsOf(change.Before!, change.Version), stop),
            _ => Task.CompletedTask,
        };
    }

    static StoredObject AsOf(StoredObject before, long version)
    {
        var value = before.Value.Copy();
        value.Ensure("metadata")["resourceVersion"] = version.ToString();
        return new StoredObject(value, version);
    }

    /// <summary>The lines of one watch.</summary>
    sealed class Lines(Stream body, Rendering rendering)
    {
        bool first = true;

        public Task WriteAsync(string type, StoredObject obj, CancellationToken stop)
        {
            var line = rendering.Watched(obj, first);
            first = false;
            return LineAsync(type, line, stop);
        }

        public Task BookmarkAsync(long at, bool initialEnd, CancellationToken stop) =>
            LineAsync("BOOKMARK", rendering.Bookmark(at, initialEnd), stop);

        public async Task ErrorAsync(ApiException error, CancellationToken stop)
        {
            await LineAsync("ERROR", JsonText.Write(error.ToStatus()), stop);
            await FlushAsync(stop);
        }

        public Task FlushAsync(CancellationToken stop) => body.FlushAsync(stop);

        async Task LineAsync(string type, byte[] obj, CancellationToken stop)
        {
            await body.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":"), stop);
            await body.WriteAsync(obj, stop);
            await body.WriteAsync("}\n"u8.ToArray(), stop);
        }
    }
}
