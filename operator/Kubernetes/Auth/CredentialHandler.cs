using System.Net;

namespace Sluice.Kubernetes.Auth;

/// <summary>Signs each request; after a 401 asks once for newer credentials and repeats.</summary>
internal sealed class CredentialHandler(ICredentialSource source, string? tlsServerName) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The name that the certificate is checked against, and SNI, follow the Host header.
        if (tlsServerName is not null)
            request.Headers.Host = tlsServerName;
        var used = await source.HeaderAsync(cancellationToken);
        request.Headers.Authorization = used;
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || !source.Reject(used))
            return response;
        var newer = await source.HeaderAsync(cancellationToken);
        if (Equals(newer, used) && used is not null)
            return response;
        response.Dispose();
        request.Headers.Authorization = newer;
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            (source as IDisposable)?.Dispose();
        base.Dispose(disposing);
    }
}
