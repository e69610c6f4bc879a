using Sluice.LocalCluster.Api.Http;

namespace Sluice.LocalCluster.Api.Subresources;

/// <summary>Finds who answers for a subresource.</summary>
internal sealed class SubresourceHandler(ApiState state, ResourceHandler resources)
{
    readonly PodLogs logs = new(state);
    readonly Proxying proxying = new(state);
    readonly Evictions evictions = new(state, resources);
    readonly Scaling scaling = new(resources.Writing);
    readonly Binding binding = new(resources.Writing);

    public Task RunAsync(Call call)
    {
        var (target, version) = (call.Target, call.Version);
        switch (target.Subresource)
        {
            case "status" when version.Status:
                return resources.RunSubresourceAsync(call);
            case "scale" when version.Scale is not null:
                return scaling.RunAsync(call);
        }

        if (target.Group.Length > 0)
            throw ApiException.UnknownPath();
        return (target.Resource, target.Subresource) switch
        {
            ("namespaces", "finalize") => resources.RunSubresourceAsync(call),
            ("pods", "log") => logs.RunAsync(call),
            ("pods" or "services", "proxy") => proxying.RunAsync(call),
            ("pods", "eviction") => evictions.RunAsync(call),
            ("pods", "binding") => binding.RunAsync(call),
            ("pods", "exec" or "attach" or "portforward" or "ephemeralcontainers" or "resize")
                or ("serviceaccounts", "token") or ("nodes", "proxy") =>
                throw ApiException.NotImplemented($"{target.Resource}/{target.Subresource}"),
            _ => throw ApiException.UnknownPath(),
        };
    }
}
