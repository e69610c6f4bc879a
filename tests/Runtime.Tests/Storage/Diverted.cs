namespace Sluice.Runtime.Tests.Storage;

/// <summary>Sends requests to somewhere else than they say, for hosts that are not to be had here.</summary>
/// <param name="divert">Where to; null for nowhere, which answers 404.</param>
/// <param name="inner">Sends.</param>
internal sealed class Diverted(Func<Uri, Uri?> divert, HttpMessageHandler? inner = null) : HttpMessageHandler
{
    private readonly HttpMessageInvoker? line = inner is null ? null : new HttpMessageInvoker(inner, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (divert(request.RequestUri!) is not { } elsewhere)
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) { RequestMessage = request, Content = new ByteArrayContent([]) });
        request.RequestUri = elsewhere;
        return line!.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            line?.Dispose();
        base.Dispose(disposing);
    }
}
