using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Api.Http;

/// <summary>
/// Which rights a client would have needed. Rights are not enforced here; <c>/debug/requests</c> tells what was asked, so
/// that a role can be checked against it.
/// </summary>
internal sealed class RequestRecord
{
    const int MostKeys = 20_000;

    readonly ConcurrentDictionary<Asked, long> counts = new();

    internal readonly record struct Asked(string Verb, string Group, string Resource, string Subresource, string Namespace, string UserAgent);

    public void Note(Asked asked)
    {
        if (counts.Count < MostKeys || counts.ContainsKey(asked))
            counts.AddOrUpdate(asked, 1, (_, count) => count + 1);
    }

    public IEnumerable<(string Verb, string Resource, long Count)> Totals() => counts
        .GroupBy(one => (one.Key.Verb, one.Key.Resource))
        .Select(group => (group.Key.Verb, group.Key.Resource, group.Sum(one => one.Value)));

    public JsonObject ToJson() => new()
    {
        ["requests"] = new JsonArray([.. counts
            .OrderBy(one => one.Key.UserAgent, StringComparer.Ordinal).ThenBy(one => one.Key.Group, StringComparer.Ordinal)
            .ThenBy(one => one.Key.Resource, StringComparer.Ordinal).ThenBy(one => one.Key.Verb, StringComparer.Ordinal)
            .Select(one => new JsonObject
            {
                ["verb"] = one.Key.Verb,
                ["group"] = one.Key.Group,
                ["resource"] = one.Key.Resource,
                ["subresource"] = one.Key.Subresource,
                ["namespace"] = one.Key.Namespace,
                ["userAgent"] = one.Key.UserAgent,
                ["count"] = one.Value,
            })]),
    };
}
