using System.Text;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Storage;

namespace Sluice.LocalCluster.Api.Operations;

/// <summary>One page of a list.</summary>
internal sealed record Page(IReadOnlyList<StoredObject> Objects, ListHead Head);

/// <summary>Lists collections page by page. Later pages show the collection as it was when the first was made.</summary>
internal sealed class Listing(ApiState state)
{
    const int KeptSnapshots = 128;

    readonly Lock gate = new();
    readonly LinkedList<(Collection Of, Snapshot Snapshot)> kept = new();

    /// <exception cref="ApiException">410: the continue token is too old; 400: it is none; 504: the version lies in the future.</exception>
    public Page List(Filter filter, long limit, string token, long? version, string match)
    {
        CheckVersion(version, match, token);
        var (snapshot, after) = token.Length > 0
            ? Continued(filter.Kind.Objects, token)
            : (state.Store.Read(filter.Kind.Objects), "");
        if (match == "Exact" && version < snapshot.Version)
            throw Expired();
        var matching = snapshot.Objects.SkipWhile(pair => after.Length > 0 && string.CompareOrdinal(pair.Key, after) <= 0)
            .Select(pair => pair.Value).Where(filter.Matches);
        if (limit <= 0)
            return new Page([.. matching], new ListHead(snapshot.Version, "", 0));
        var page = matching.Take((int)Math.Min(limit, int.MaxValue - 1) + 1).ToList();
        if (page.Count <= limit)
            return new Page(page, new ListHead(snapshot.Version, "", 0));
        page.RemoveAt(page.Count - 1);
        Keep(filter.Kind.Objects, snapshot);
        var unfiltered = filter.Labels.IsEverything && filter.Fields.Terms.Count == 0;
        var remaining = unfiltered ? matching.Count() - page.Count : 0;
        return new Page(page, new ListHead(snapshot.Version, Token(snapshot.Version, page[^1].Key), remaining));
    }

    void CheckVersion(long? version, string match, string token)
    {
        if (match.Length > 0 && match is not ("Exact" or "NotOlderThan"))
        {
            throw new ApiException(422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Unsupported value: " +
                $"\"{match}\": supported values: \"Exact\", \"NotOlderThan\"");
        }

        if (match.Length > 0 && version is null)
            throw new ApiException(422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
        if (token.Length > 0 && version > 0)
            throw ApiException.BadRequest("specifying resource version is not allowed when using continue");
        if (version > state.Store.Version)
        {
            var error = new JsonObject
            {
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
                ["retryAfterSeconds"] = 1,
            };
            throw new ApiException(504, "Timeout", $"Timeout: Too large resource version: {version}, current: {state.Store.Version}", error);
        }
    }

    (Snapshot Snapshot, string After) Continued(Collection collection, string token)
    {
        JsonNode? parsed;
        try
        {
            parsed = JsonText.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(token.PadRight((token.Length + 3) / 4 * 4, '='))));
        }
        catch (Exception error) when (error is FormatException or System.Text.Json.JsonException)
        {
            throw ApiException.BadRequest($"continue key is not valid: {error.Message}");
        }

        var (version, start) = (parsed.Integer("rv"), parsed.Text("start"));
        if (version is null || start is null)
            throw ApiException.BadRequest("continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
        lock (gate)
        {
            var found = kept.FirstOrDefault(one => one.Of == collection && one.Snapshot.Version == version).Snapshot;
            return (found ?? throw Expired(), start);
        }
    }

    void Keep(Collection collection, Snapshot snapshot)
    {
        lock (gate)
        {
            if (kept.Any(one => one.Of == collection && one.Snapshot.Version == snapshot.Version))
                return;
            kept.AddLast((collection, snapshot));
            if (kept.Count > KeptSnapshots)
                kept.RemoveFirst();
        }
    }

    static string Token(long version, string after) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonText.Show(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = version, ["start"] = after }))).TrimEnd('=');

    static ApiException Expired() => ApiException.Expired("The provided continue parameter is too old to display a consistent list result. " +
        "You can start a new list without the continue parameter.");
}
