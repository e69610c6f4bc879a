using System.Net;
using Sluice.Contract;

namespace Sluice.Runtime.Storage.Web;

/// <summary>An answer that is not a good one.</summary>
/// <param name="Status">Its number.</param>
/// <param name="Shown">What was asked for, fit to be shown.</param>
/// <param name="Host">Who answered.</param>
/// <param name="Explanation">In the server's words, if any.</param>
internal sealed record Refusal(HttpStatusCode Status, string Shown, string Host, string? Explanation)
{
    /// <summary>The reason that a bad request stands for.</summary>
    public string BadRequestMeans { get; init; } = TerminationReasons.Unreachable;

    /// <summary>Of the status, in the server's words.</summary>
    public string? Phrase { get; init; }

    /// <summary>When the server says how long to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>What an answer that is not a good one means.</summary>
internal static class Refusals
{
    public static Exception Of(WebRequest request, Uri uri, HttpResponseMessage response, string body, Credentials credentials) =>
        Of(
            new Refusal(response.StatusCode, WebRequest.Show(uri), uri.Authority, request.Explain?.Invoke(response, body))
            {
                Phrase = response.ReasonPhrase,
                BadRequestMeans = request.BadRequestMeans,
                RetryAfter = response.Headers.RetryAfter?.Delta,
            },
            credentials);

    public static Exception Of(Refusal refusal, Credentials credentials)
    {
        var shown = refusal.Shown;
        var said = $"{(int)refusal.Status} {refusal.Phrase ?? refusal.Status.ToString()}{Explained(refusal)}";
        return refusal.Status switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone =>
                new FailureException(TerminationReasons.NotFound, $"There is nothing at {shown} ({said})."),
            // A conflict is how Azure says that a container may not be read anonymously.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.Conflict =>
                new FailureException(TerminationReasons.AccessDenied, $"{shown} refuses access ({said}). {credentials.Advice}"),
            HttpStatusCode.BadRequest =>
                new FailureException(refusal.BadRequestMeans, $"{shown} answers {said}.{(refusal.BadRequestMeans == TerminationReasons.AccessDenied ? $" {credentials.Advice}" : "")}"),
            // The file has become shorter than what is there of it, or another.
            HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PreconditionFailed =>
                new TransientException($"{shown} has changed during the transfer") { StartAnew = true },
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new TransientException($"{refusal.Host} answers {said}") { RetryAfter = refusal.RetryAfter },
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

    private static string Explained(Refusal refusal)
    {
        const int most = 200;
        var text = refusal.Explanation?.Trim();
        if (string.IsNullOrEmpty(text))
            return string.Empty;
        var line = new string([.. text.Take(most).Select(static c => char.IsControl(c) ? ' ' : c)]);
        return $": {line}{(text.Length > most ? "…" : "")}";
    }
}
