using Sluice.Kubernetes.Diagnostics;

namespace Sluice.Kubernetes.Client;

/// <summary>
/// One try: bounded in time including the body, so that a server that stops in the middle of an answer is noticed.
/// A streamed answer is bounded until its headers are there.
/// </summary>
internal sealed class AttemptHandler(TimeSpan timeout, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var code = "none";
        try
        {
            var response = await base.SendAsync(request, either.Token);
            code = Meters.Code(response.StatusCode);
            if (!RequestOptions.Is(request, RequestOptions.Streamed))
                await BufferAsync(response, either.Token);
            return response;
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            code = "timeout";
            throw new TimeoutException($"{Errors.Name(request)}: no answer within {timeout}.", e);
        }
        finally
        {
            Meters.Request(RequestOptions.VerbOf(request), code, time.GetElapsedTime(started));
        }
    }

    private static async Task BufferAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(cancel);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
