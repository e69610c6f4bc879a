using System.Net;
using System.Text.Json.Nodes;

namespace Sluice.Integration.World;

/// <summary>
/// What a controller of the Gateway API does, as far as routes of one namespace go: it says of each that it accepts it,
/// and from then on, not before, sends requests by its weights. They take the API server's proxy to the backend.
/// </summary>
internal sealed class StandInGateway : IAsyncDisposable
{
    public const string Name = "suite-gateway";

    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    readonly Space _space;
    readonly CancellationTokenSource _stop = new();
    readonly Task _looking;
    readonly Dictionary<string, (string Name, int Weight)[]> _accepted = [];
    int _asked;
    volatile bool _looks = true;

    StandInGateway(Space space)
    {
        _space = space;
        _looking = LookAsync();
    }

    /// <summary>False: it goes on with what it has accepted and looks at nothing new.</summary>
    public bool Looks
    {
        get => _looks;
        set => _looks = value;
    }

    public static async Task<StandInGateway> StartAsync(Space space)
    {
        await InstallAsync(space.Api);
        return new StandInGateway(space);
    }

    /// <summary>The kind HTTPRoute, where the cluster has none: as much of it as routes of ours use.</summary>
    public static async Task InstallAsync(Api api)
    {
        const string kind = "/apis/gateway.networking.k8s.io/v1/httproutes";
        if (await api.GetAsync(kind) is not null) return;
        await api.ApplyAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/httproutes.gateway.networking.k8s.io", """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: httproutes.gateway.networking.k8s.io
              annotations: {api-approved.kubernetes.io: "unapproved, a stand-in for tests"}
            spec:
              group: gateway.networking.k8s.io
              scope: Namespaced
              names: {kind: HTTPRoute, listKind: HTTPRouteList, plural: httproutes, singular: httproute}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties:
                          parentRefs:
                            type: array
                            x-kubernetes-list-type: atomic
                            items: {type: object, x-kubernetes-preserve-unknown-fields: true}
                          hostnames: {type: array, items: {type: string}}
                          rules:
                            type: array
                            x-kubernetes-list-type: atomic
                            items: {type: object, x-kubernetes-preserve-unknown-fields: true}
                      status: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """);
        var started = TimeProvider.System.GetTimestamp();
        while (await api.GetAsync(kind) is null)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Space.Patience) throw new TimeoutException("HTTPRoute is not served");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    /// <summary>A user's request for the host of a service.</summary>
    /// <returns>Who was asked, and what came of it.</returns>
    public async Task<(string Backend, HttpStatusCode Code, string Body)> AskAsync(string route, string path, string json)
    {
        var backend = Pick(route);
        var (code, body) = await _space.Api.AskAsync(HttpMethod.Post, $"{_space.Path("services", backend)}:80/proxy/{path}", json);
        return (backend, code, body);
    }

    public bool Has(string route)
    {
        lock (_accepted) return _accepted.ContainsKey(route);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    string Pick(string route)
    {
        lock (_accepted)
        {
            var backends = _accepted[route];
            var at = _asked++ * 618_033L % backends.Sum(b => b.Weight);
            foreach (var (name, weight) in backends)
            {
                if ((at -= weight) < 0) return name;
            }
            throw new InvalidOperationException("the weights sum to nothing");
        }
    }

    async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (Looks)
            {
                foreach (var route in await _space.Api.ListAsync(_space.Path("httproutes")))
                    await AcceptAsync(route);
            }
            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    async Task AcceptAsync(JsonNode route)
    {
        var name = (string)route["metadata"]!["name"]!;
        var parent = route["spec"]!["parentRefs"]!.AsArray().FirstOrDefault(p => (string?)p!["name"] == Name);
        var generation = (long)route["metadata"]!["generation"]!;
        var seen = (long?)route["status"]?["parents"]?[0]?["conditions"]?[0]?["observedGeneration"];
        if (parent is null || (seen == generation && Has(name))) return;
        var backends = route["spec"]!["rules"]!.AsArray()[^1]!["backendRefs"]!.AsArray()
            .Select(b => ((string)b!["name"]!, (int)b["weight"]!)).ToArray();
        lock (_accepted) _accepted[name] = backends;
        try
        {
            await _space.Api.MergeAsync($"{_space.Path("httproutes", name)}/status", new JsonObject
            {
                ["status"] = new JsonObject
                {
                    ["parents"] = new JsonArray(new JsonObject
                    {
                        ["parentRef"] = parent.DeepClone(),
                        ["controllerName"] = "sluice.test/stand-in",
                        ["conditions"] = new JsonArray(Condition("Accepted", generation), Condition("ResolvedRefs", generation)),
                    }),
                },
            }.ToJsonString());
        }
        catch (ApiAnswer answer) when (answer.Code == HttpStatusCode.NotFound)
        {
            // It was deleted just now.
        }
    }

    static JsonObject Condition(string type, long generation) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["observedGeneration"] = generation,
        ["reason"] = type,
        ["message"] = "",
        ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
    };
}
