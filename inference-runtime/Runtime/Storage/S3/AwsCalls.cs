using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.S3;

/// <summary>Calls AWS's library with this program's patience, and turns its exceptions into this program's reasons.</summary>
internal static class AwsCalls
{
    private static readonly string[] CodesOfOldKeys = ["ExpiredToken", "InvalidToken", "TokenRefreshRequired", "InvalidIdentityToken", "ExpiredTokenException"];

    /// <param name="web">Whose patience and credentials.</param>
    /// <param name="shown">What is asked for, fit to be shown.</param>
    /// <param name="endpoint">Who is asked.</param>
    /// <param name="call">Asks.</param>
    /// <param name="badRequestMeans">The reason that a bad request stands for.</param>
    /// <param name="cancellation">Ends it at once.</param>
    public static async Task<T> RunAsync<T>(
        WebStorage web, string shown, Uri endpoint, Func<CancellationToken, Task<T>> call, string badRequestMeans, CancellationToken cancellation)
    {
        try
        {
            return await web.Patience.WaitAsync(call, cancellation);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw Meaning(e, web, shown, endpoint, badRequestMeans);
        }
    }

    private static Exception Meaning(Exception e, WebStorage web, string shown, Uri endpoint, string badRequestMeans)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is FailureException or TransientException)
                return inner;
            if (inner is HttpRequestException failed)
                return Refusals.Of(endpoint, failed);
        }
        return e is AmazonServiceException refused && (int)refused.StatusCode != 0
            ? Refusals.Of(Refusal(refused, shown, endpoint, badRequestMeans), web.Credentials)
            : new TransientException($"{endpoint.Authority}: {e.Message}", e);
    }

    private static Refusal Refusal(AmazonServiceException e, string shown, Uri endpoint, string badRequestMeans) =>
        new(e.StatusCode, shown, endpoint.Authority, Explanation(e))
        {
            BadRequestMeans = CodesOfOldKeys.Contains(e.ErrorCode) ? TerminationReasons.AccessDenied : badRequestMeans,
            RetryAfter = int.TryParse(Header(e, "Retry-After"), out var seconds) ? TimeSpan.FromSeconds(seconds) : null,
        };

    /// <summary>The server's reason, and the region of a bucket that is asked in a wrong one.</summary>
    private static string Explanation(AmazonServiceException e)
    {
        // Without a body the library makes up a code of the status.
        var code = Enum.TryParse<HttpStatusCode>(e.ErrorCode, out _) ? null : e.ErrorCode;
        // Forbidden answers name the right region too.
        var region = e.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.BadRequest && Header(e, "x-amz-bucket-region") is { Length: > 0 } other
            ? $"the bucket is in the region {other}; AWS_DEFAULT_REGION or AWS_ENDPOINT_URL must say so"
            : null;
        return string.Join(", ", ((string?[])[code, code is null ? null : e.Message, region]).Where(static t => !string.IsNullOrEmpty(t)));
    }

    private static string? Header(AmazonServiceException e, string name) =>
        e.InnerException is HttpErrorResponseException { Response: { } response } && response.IsHeaderPresent(name) ? response.GetHeaderValue(name) : null;
}
