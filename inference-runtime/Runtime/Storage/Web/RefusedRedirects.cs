using Sluice.Contract;

namespace Sluice.Runtime.Storage.Web;

/// <summary>
/// A library that signs its requests must not be led to another server, nor in circles. <see cref="WebStorage"/> follows redirects
/// without credentials; who signs everything has nothing to gain by that.
/// </summary>
internal sealed class RefusedRedirects : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!WebRequest.IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            return response;
        using (response)
        {
            throw new FailureException(
                TerminationReasons.Unreachable,
                $"{request.RequestUri?.Authority} redirects to {location.OriginalString.Split('?')[0]}, where signed requests do not follow; name the server that has the model as the endpoint.");
        }
    }
}
