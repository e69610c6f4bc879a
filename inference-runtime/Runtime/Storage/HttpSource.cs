using System.Net;
using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>One file at an http:// or https:// address.</summary>
internal sealed class HttpSource(HttpClient client) : IModelSource
{
    private const string DefaultName = "model.onnx";
    private static readonly string[] Endings = [".onnx", ".ort", ".sha256", ".data", ".bin"];

    public IReadOnlyList<string> Schemes { get; } = ["http", "https"];

    /// <summary>Few redirects, none from https to http, and no wait without end for a connection.</summary>
    public static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = true,
        MaxAutomaticRedirections = 5,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AutomaticDecompression = DecompressionMethods.None,
    };

    public Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw new FailureException(TerminationReasons.InvalidUri, $"{address} is not an address.");
        var last = Uri.UnescapeDataString(uri.Segments[^1]);
        var name = Endings.Contains(Path.GetExtension(last)) && !last.Contains('/') ? last : DefaultName;
        return Task.FromResult<IReadOnlyList<SourceFile>>([new SourceFile(name, null, c => OpenAsync(uri, c))]);
    }

    private async Task<Stream> OpenAsync(Uri uri, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.NameResolutionError)
        {
            throw new TransientException($"the host {uri.Host} is not known to DNS", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new FailureException(
                TerminationReasons.Unreachable, $"{Shown(uri)}: no trusted TLS connection: {e.InnerException?.Message ?? e.Message}");
        }
        catch (HttpRequestException e)
        {
            throw new TransientException($"{uri.Authority} cannot be reached: {e.Message}", e);
        }
        if (response.IsSuccessStatusCode)
            return await HttpBody.OpenAsync(response, cancellation);
        using (response)
            throw Refusal(uri, response);
    }

    private static Exception Refusal(Uri uri, HttpResponseMessage response)
    {
        var said = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone =>
                new FailureException(TerminationReasons.NotFound, $"There is nothing at {Shown(uri)} ({said})."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new FailureException(TerminationReasons.AccessDenied, $"{Shown(uri)} refuses access ({said})."),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new TransientException($"{uri.Authority} answers {said}") { RetryAfter = response.Headers.RetryAfter?.Delta },
            _ => new FailureException(TerminationReasons.Unreachable, $"{Shown(uri)} answers {said}."),
        };
    }

    /// <summary>Without user, password and query, which may be secrets.</summary>
    private static string Shown(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
