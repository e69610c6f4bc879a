using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Custom;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Resources;

namespace Sluice.LocalCluster.Api.Discovery;

/// <summary>What is served, in the old form (a document for each group and version) and aggregated (one for all).</summary>
internal sealed class DiscoveryDocuments(KindRegistry kinds)
{
    const string Aggregated = "apidiscovery.k8s.io";

    public Task CoreAsync(HttpContext context)
    {
        if (AggregatedVersion(context) is { } version)
            return AggregateAsync(context, version, group => group.Length == 0);
        return Answers.JsonAsync(context, 200, new JsonObject
        {
            ["kind"] = "APIVersions",
            ["versions"] = new JsonArray("v1"),
            ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject
            {
                ["clientCIDR"] = "0.0.0.0/0",
                ["serverAddress"] = context.Request.Host.Value,
            }),
        });
    }

    public Task GroupsAsync(HttpContext context)
    {
        if (AggregatedVersion(context) is { } version)
            return AggregateAsync(context, version, group => group.Length > 0);
        return Answers.JsonAsync(context, 200, new JsonObject
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. Groups().Where(group => group.Length > 0).Select(Group)]),
        });
    }

    public Task GroupAsync(HttpContext context, string name)
    {
        if (name.Length == 0 || !Groups().Contains(name))
            throw ApiException.UnknownPath();
        var group = Group(name);
        var document = new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
        foreach (var (member, value) in group)
            document[member] = value?.DeepClone();
        return Answers.JsonAsync(context, 200, document);
    }

    public Task ResourcesAsync(HttpContext context, string group, string version)
    {
        var served = ServedIn(group, version).ToList();
        if (served.Count == 0)
            throw ApiException.UnknownPath();
        var document = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
            document["apiVersion"] = "v1";
        document["groupVersion"] = GroupVersions.Join(group, version);
        document["resources"] = new JsonArray([.. served.SelectMany(resource => resource.Flat())]);
        return Answers.JsonAsync(context, 200, document);
    }

    IEnumerable<ServedResource> ServedIn(string group, string version)
    {
        foreach (var kind in kinds.All.Where(kind => kind.Info.Group == group))
        {
            if (kind.Versions.FirstOrDefault(one => one.Name == version) is { } served)
                yield return ServedResource.Of(kind, served);
        }

        foreach (var review in ServedResource.Reviews.Where(review => review.Group == group && review.Version == version))
            yield return review;
    }

    List<string> Groups() => [.. kinds.All.Select(kind => kind.Info.Group)
        .Concat(ServedResource.Reviews.Select(review => review.Group)).Distinct(StringComparer.Ordinal)];

    List<string> Versions(string group) => [.. kinds.All.Where(kind => kind.Info.Group == group)
        .SelectMany(kind => kind.Versions.Select(version => version.Name))
        .Concat(ServedResource.Reviews.Where(review => review.Group == group).Select(review => review.Version))
        .Distinct(StringComparer.Ordinal).OrderByDescending(version => version, VersionOrder.Instance)];

    JsonObject Group(string name)
    {
        static JsonObject Version(string group, string version) =>
            new() { ["groupVersion"] = GroupVersions.Join(group, version), ["version"] = version };
        var versions = Versions(name);
        return new JsonObject
        {
            ["name"] = name,
            ["versions"] = new JsonArray([.. versions.Select(version => Version(name, version))]),
            ["preferredVersion"] = Version(name, versions[0]),
        };
    }

    static string? AggregatedVersion(HttpContext context)
    {
        foreach (var type in context.Request.Headers.Accept.ToString().Split(','))
        {
            var parameters = type.Split(';').Select(part => part.Trim()).ToList();
            if (parameters[0] != "application/json" || !parameters.Contains($"g={Aggregated}") || !parameters.Contains("as=APIGroupDiscoveryList"))
            {
                // An older form that stands first is what the client prefers.
                if (parameters[0] is "application/json" or "*/*" && parameters.Count == 1)
                    return null;
                continue;
            }

            if (parameters.Contains("v=v2"))
                return "v2";
            if (parameters.Contains("v=v2beta1"))
                return "v2beta1";
        }

        return null;
    }

    Task AggregateAsync(HttpContext context, string version, Func<string, bool> wanted)
    {
        var document = new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = $"{Aggregated}/{version}",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([.. Groups().Where(wanted).Select(group => new JsonObject
            {
                ["metadata"] = group.Length == 0 ? new JsonObject() : new JsonObject { ["name"] = group },
                ["versions"] = new JsonArray([.. Versions(group).Select(served => new JsonObject
                {
                    ["version"] = served,
                    ["resources"] = new JsonArray([.. ServedIn(group, served).Select(resource => resource.Nested())]),
                    ["freshness"] = "Current",
                })]),
            })]),
        };
        context.Response.Headers.Vary = "Accept";
        var bytes = Json.JsonText.Write(document);
        context.Response.StatusCode = 200;
        context.Response.ContentType = $"application/json;g={Aggregated};v={version};as=APIGroupDiscoveryList";
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
