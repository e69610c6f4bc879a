using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Support.Http;

namespace Sluice.Kubernetes.Tests.Fakes;

/// <summary>
/// A server of ConfigMaps that keeps a history, forgets it, and misbehaves at random in every way that a list or a
/// watch can, as long as <see cref="Rage"/> is on.
/// </summary>
internal sealed class ChaosApi(Random random)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (string? Value, int Version)> _objects = new(StringComparer.Ordinal);
    private readonly List<(int Version, string Type, string Name, string? Value)> _history = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _version = 1;
    private int _forgotten;

    public bool Rage { get; set; } = true;

    /// <summary>Name to value; null is an object that cannot be read.</summary>
    public IReadOnlyDictionary<string, string?> State
    {
        get { lock (_gate) return _objects.ToDictionary(o => o.Key, o => o.Value.Value); }
    }

    public void Mutate()
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            _version++;
            var name = "m" + random.Next(12);
            var known = _objects.TryGetValue(name, out var old);
            if (known && random.Next(3) == 0)
            {
                _objects.Remove(name);
                _history.Add((_version, "DELETED", name, old.Value));
            }
            else
            {
                var value = random.Next(6) == 0 ? null : "v" + _version;
                _objects[name] = (value, _version);
                _history.Add((_version, known ? "MODIFIED" : "ADDED", name, value));
            }

            if (random.Next(15) == 0)
                _forgotten = _version - random.Next(3);
            (news, _news) = (_news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        news.SetResult();
    }

    public Task AnswerAsync(HttpContext context, CancellationToken closing)
    {
        var request = RecordedRequest.Of(context);
        return request.Query("watch") == "true"
            ? WatchAsync(context, int.Parse(request.Query("resourceVersion")!, CultureInfo.InvariantCulture), closing)
            : ListAsync(context, request.Query("continue"), request.Query("limit") is not null);
    }

    private bool Chance(int oneIn)
    {
        lock (_gate) return Rage && random.Next(oneIn) == 0;
    }

    private async Task ListAsync(HttpContext context, string? token, bool paged)
    {
        if (Chance(6))
        {
            await Refuse(context);
            return;
        }

        string? json = null;
        lock (_gate)
        {
            // A page is of the moment of its list; when that is over, the continuation has expired.
            var (version, after) = token is null ? (_version, "") : (int.Parse(token.Split(':')[0], CultureInfo.InvariantCulture), token.Split(':')[1]);
            if (version == _version)
            {
                var rest = _objects.Where(o => string.CompareOrdinal(o.Key, after) > 0).ToList();
                var page = paged ? rest.Take(1 + random.Next(5)).ToList() : rest;
                var next = page.Count < rest.Count ? $",\"continue\":\"{version}:{page[^1].Key}\"" : "";
                json = $$$"""{"kind":"ConfigMapList","metadata":{"resourceVersion":"{{{version}}}"{{{next}}}},"items":[{{{string.Join(',', page.Select(o => Item(o.Key, o.Value.Version, o.Value.Value)))}}}]}""";
            }
        }

        if (json is null)
        {
            await Answer.Json(Answer.StatusJson(410, "Expired"), 410)(null!, context);
        }
        else if (Chance(10))
        {
            await context.SendNowAsync(json[..(json.Length / 2)]);
            context.Abort();
        }
        else
        {
            await Answer.Json(json)(null!, context);
        }
    }

    private async Task WatchAsync(HttpContext context, int since, CancellationToken closing)
    {
        if (Chance(8))
        {
            await Refuse(context);
            return;
        }

        if (since < _forgotten && Chance(2))
        {
            await Answer.Json(Answer.StatusJson(410, "Gone"), 410)(null!, context);
            return;
        }

        await context.Response.Body.FlushAsync();
        if (since < _forgotten)
        {
            await context.SendNowAsync(Line("ERROR", Answer.StatusJson(410, "Expired")));
            return;
        }

        var at = since;
        while (!context.RequestAborted.IsCancellationRequested)
        {
            Task news;
            List<(int Version, string Type, string Name, string? Value)> events;
            lock (_gate)
            {
                news = _news.Task;
                events = [.. _history.Where(e => e.Version > at)];
            }

            foreach (var e in events)
            {
                if (Chance(12) && await MisbehaveAsync(context, e))
                    return;
                await context.SendNowAsync(Line(e.Type, Item(e.Name, e.Version, e.Value)));
                at = e.Version;
            }

            if (Chance(4))
                await context.SendNowAsync(Line("BOOKMARK", $$$"""{"kind":"ConfigMap","metadata":{"resourceVersion":"{{{at}}}"}}"""));
            await news.WaitAsync(closing);
        }
    }

    /// <returns>Whether that was the end of the watch.</returns>
    private async Task<bool> MisbehaveAsync(HttpContext context, (int Version, string Type, string Name, string? Value) e)
    {
        var line = Line(e.Type, Item(e.Name, e.Version, e.Value));
        int kind;
        lock (_gate) kind = random.Next(8);
        switch (kind)
        {
            case 0:
                break;
            case 1:
                context.Abort();
                break;
            case 2:
                await context.SendNowAsync(line[..(line.Length / 2)]);
                break;
            case 3:
                await context.SendNowAsync(line[..(line.Length / 2)]);
                context.Abort();
                break;
            case 4:
                await context.SendNowAsync(Line("ERROR", Answer.StatusJson(410, "Expired")));
                break;
            case 5:
                await context.SendNowAsync(Line("ERROR", Answer.StatusJson(500, "InternalError")));
                break;
            case 6:
                await context.SendNowAsync("{\"type\":\"ADDED\"}\n");
                break;
            default:
                // Slow, in the middle of a line, but all right.
                await context.SendNowAsync("\n" + line[..10]);
                await Task.Yield();
                await context.SendNowAsync(line[10..]);
                return false;
        }

        return true;
    }

    private async Task Refuse(HttpContext context)
    {
        int kind;
        lock (_gate) kind = random.Next(4);
        switch (kind)
        {
            case 0:
                context.Abort();
                break;
            case 1:
                context.Response.Headers.RetryAfter = "1";
                await Answer.Json(Answer.StatusJson(429, "TooManyRequests"), 429)(null!, context);
                break;
            case 2:
                await Answer.Json("upstream trouble", 502)(null!, context);
                break;
            default:
                await Answer.Json(Answer.StatusJson(403, "Forbidden"), 403)(null!, context);
                break;
        }
    }

    private static string Line(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""" + "\n";

    private static string Item(string name, int version, string? value)
    {
        var text = version.ToString(CultureInfo.InvariantCulture);
        return value is null ? Answer.Poison(name, text) : Answer.Map(name, text, value);
    }
}
