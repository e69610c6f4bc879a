using System.Collections.Concurrent;
using System.Net;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Client;

/// <summary>
/// Kind to path, as the server tells it. Answers are kept; a kind that is not among them is asked for again, because
/// its CRD may have been installed since.
/// </summary>
internal sealed class Discovery(Transport transport)
{
    private readonly ConcurrentDictionary<(string ApiVersion, string Kind), ResourceKind> _known = new();

    public async Task<ResourceKind> ResolveAsync(string apiVersion, string kind, CancellationToken cancel)
    {
        if (_known.TryGetValue((apiVersion, kind), out var known))
            return known;
        await LoadAsync(apiVersion, cancel);
        return _known.TryGetValue((apiVersion, kind), out known) ? known : throw Unknown(apiVersion, kind);
    }

    private async Task LoadAsync(string apiVersion, CancellationToken cancel)
    {
        var slash = apiVersion.IndexOf('/');
        var (group, version) = slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
        ApiResourceList list;
        try
        {
            list = await transport.SendAsync("get", HttpMethod.Get, RootOf(apiVersion), null, ClientJson.Default.ApiResourceList, cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return;
        }

        // Subresources are listed as "pods/status" and share the kind of others.
        foreach (var resource in (list.Resources ?? []).Where(static r => !r.Name.Contains('/')))
        {
            _known[(apiVersion, resource.Kind)] =
                new ResourceKind(group, version, resource.Kind, resource.Name, resource.Namespaced);
        }
    }

    private static string RootOf(string apiVersion) =>
        apiVersion.Contains('/') ? $"/apis/{apiVersion}" : $"/api/{apiVersion}";

    private static KubeApiException Unknown(string apiVersion, string kind) => new(
        HttpStatusCode.NotFound,
        new Status
        {
            Reason = StatusReason.NotFound,
            Message = $"the server has no kind {kind} in {apiVersion}; if it is a custom resource, apply its CRD first",
        },
        retryAfter: null,
        "GET " + RootOf(apiVersion));
}
