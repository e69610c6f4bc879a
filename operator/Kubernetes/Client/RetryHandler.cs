using System.Net;
using Microsoft.Extensions.Logging;
using Sluice.Kubernetes.Diagnostics;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Client;

/// <summary>
/// Waits and repeats what a busy server turned away (429, 503, 504), when sending it twice is harmless. A wait longer
/// than the cap is not spent here but handed to the caller, whose queue can do other work meanwhile.
/// </summary>
internal sealed class RetryHandler(TimeProvider time, Jitter jitter, ILogger log) : DelegatingHandler
{
    private const int MaxAttempts = 4;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly Backoff Waits = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            request.Options.Set(RequestOptions.Attempts, attempt);
            var response = await base.SendAsync(request, cancellationToken);
            if (attempt == MaxAttempts || !IsRepeatable(request, response))
                return response;
            var wait = Errors.RetryAfter(response, time) ?? Waits.Delay(attempt - 1, jitter);
            if (wait > MaxWait)
                return response;
            Log.RequestRepeated(log, request.Method, request.RequestUri?.AbsolutePath, (int)response.StatusCode, wait);
            Meters.Retry(RequestOptions.VerbOf(request));
            response.Dispose();
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private static bool IsRepeatable(HttpRequestMessage request, HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        && RequestOptions.Is(request, RequestOptions.Repeatable);
}
