using System.Net;
using Sluice.Contract;

namespace Sluice.Runtime.Storage.Web;

/// <summary>What an answer that is not a good one means.</summary>
internal static class Refusals
{
    public static Exception Of(WebRequest request, Uri uri, HttpResponseMessage response, string body, Credentials credentials)
    {
        var shown = WebRequest.Show(uri);
        var said = $"{(int)response.StatusCode} {response.ReasonPhrase}{Explanation(request, response, body)}";
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone =>
                new FailureException(TerminationReasons.NotFound, $"There is nothing at {shown} ({said})."),
            // A conflict is how Azure says that a container may not be read anonymously.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.Conflict =>
                new FailureException(TerminationReasons.AccessDenied, $"{shown} refuses access ({said}). {credentials.Advice}"),
            HttpStatusCode.BadRequest =>
                new FailureException(request.BadRequestMeans, $"{shown} answers {said}.{(request.BadRequestMeans == TerminationReasons.AccessDenied ? $" {credentials.Advice}" : "")}"),
            // The file has become shorter than what is there of it.
            HttpStatusCode.RequestedRangeNotSatisfiable =>
                new TransientException($"{shown} has changed during the transfer") { StartAnew = true },
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new TransientException($"{uri.Authority} answers {said}") { RetryAfter = response.Headers.RetryAfter?.Delta },
            _ => new FailureException(TerminationReasons.Unreachable, $"{shown} answers {said}."),
        };
    }

    public static Exception Of(Uri uri, HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new TransientException($"the host {uri.Host} is not known to DNS", e),
        HttpRequestError.SecureConnectionError => new FailureException(
            TerminationReasons.Unreachable, $"{WebRequest.Show(uri)}: no trusted TLS connection: {e.InnerException?.Message ?? e.Message}"),
        _ => new TransientException($"{uri.Authority} cannot be reached: {e.Message}", e),
    };

    private static string Explanation(WebRequest request, HttpResponseMessage response, string body)
    {
        const int most = 200;
        var text = request.Explain?.Invoke(response, body)?.Trim();
        if (string.IsNullOrEmpty(text))
            return string.Empty;
        var line = new string([.. text.Take(most).Select(static c => char.IsControl(c) ? ' ' : c)]);
        return $": {line}{(text.Length > most ? "…" : "")}";
    }
}
