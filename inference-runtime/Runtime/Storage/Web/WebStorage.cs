using System.Net;
using System.Text;
using Sluice.Contract;

namespace Sluice.Runtime.Storage.Web;

/// <summary>
/// HTTP as every remote storage is spoken to: bounded redirects that never carry credentials to another origin, bounded
/// waits, transfers that go on where they broke, and refusals as failures with a reason.
/// </summary>
/// <param name="handler">As <see cref="Handler"/> makes it: it must not follow redirects by itself.</param>
/// <param name="patience">With the other side.</param>
/// <param name="credentials">For the advice in messages.</param>
internal sealed class WebStorage(HttpMessageHandler handler, Patience patience, Credentials credentials) : IDisposable
{
    private const int MostRedirects = 5;
    private const int LargestTextBytes = 32 << 20;
    private const int LargestRefusalBytes = 64 << 10;

    private readonly HttpClient client = ClientOver(handler);

    /// <summary>With the other side, for whoever reads on.</summary>
    public Patience Patience => patience;

    /// <summary>For the advice in messages.</summary>
    public Credentials Credentials => credentials;

    /// <summary>The same connections, authorities and patience for a library that speaks to a storage itself.</summary>
    public HttpClient Client() => ClientOver(new RefusedRedirects { InnerHandler = handler });

    /// <summary>No wait without end for a connection, bytes as they are, and redirects left to <see cref="WebStorage"/>.</summary>
    /// <param name="credentials">May name the authorities to trust.</param>
    public static SocketsHttpHandler Handler(Credentials credentials) => new()
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        SslOptions = { CertificateChainPolicy = TrustedAuthorities.From(credentials) },
    };

    /// <summary>The answer to a request, when it is a good one; its body is not read yet.</summary>
    public async Task<HttpResponseMessage> SendAsync(WebRequest request, CancellationToken cancellation)
    {
        var uri = request.Uri;
        for (var redirects = 0; ; redirects++)
        {
            using var message = request.Message(uri);
            if (request.Authorize is { } authorize && SameOrigin(uri, request.Uri))
                await authorize(message, cancellation);
            var response = await patience.WaitAsync(c => ExchangeAsync(message, c), cancellation);
            if (response.IsSuccessStatusCode || (request.TakesUnauthorized && response.StatusCode == HttpStatusCode.Unauthorized))
                return response;
            using (response)
            {
                if (!WebRequest.IsRedirect(response.StatusCode) || response.Headers.Location is null)
                    throw Refusals.Of(request, uri, response, await RefusalAsync(response, cancellation), credentials);
                uri = Next(request, uri, response.Headers.Location, redirects);
            }
        }
    }

    /// <summary>Opens the file that a request gets.</summary>
    public OpenFile Opening(WebRequest request) => (from, cancellation) => OpenAsync(request with { From = from }, cancellation);

    /// <summary>A file's body, from where a broken transfer ended if it is still the same file.</summary>
    public async Task<Opened> OpenAsync(WebRequest request, CancellationToken cancellation)
    {
        var response = await SendAsync(request, cancellation);
        var length = response.Content.Headers.ContentLength;
        long offset = 0;
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            var range = response.Content.Headers.ContentRange;
            if (request.From.Offset == 0 || range?.From != request.From.Offset)
            {
                response.Dispose();
                throw new TransientException($"{WebRequest.Show(request.Uri)} answers with another part than was asked for");
            }
            // Not every storage knows If-Range.
            if (request.ValidatorOf(response) is { } now && now != request.From.Validator)
            {
                response.Dispose();
                throw new TransientException($"{WebRequest.Show(request.Uri)} has changed during the transfer") { StartAnew = true };
            }
            (offset, length) = (request.From.Offset, range.Length);
        }
        return new Opened(await HttpBody.OpenAsync(response, cancellation), offset, request.ValidatorOf(response), length)
        {
            MediaType = response.Content.Headers.ContentType?.MediaType,
        };
    }

    /// <summary>A small document as text.</summary>
    public async Task<string> TextAsync(WebRequest request, CancellationToken cancellation) =>
        Encoding.UTF8.GetString(await BytesAsync(request, cancellation));

    /// <summary>A small document.</summary>
    public async Task<byte[]> BytesAsync(WebRequest request, CancellationToken cancellation)
    {
        using var response = await SendAsync(request, cancellation);
        return await BytesAsync(response, LargestTextBytes, cancellation)
            ?? throw new FailureException(TerminationReasons.TooLarge, $"{request.Shown} answers with more than {LargestTextBytes} bytes.");
    }

    /// <summary>The whole body; null when it is larger than the limit.</summary>
    public async Task<byte[]?> BytesAsync(HttpResponseMessage response, int limit, CancellationToken cancellation)
    {
        await using var body = await HttpBody.OpenAsync(response, cancellation);
        return await patience.ReadAsync(body, limit, cancellation);
    }

    public void Dispose() => client.Dispose();

    private static HttpClient ClientOver(HttpMessageHandler handler)
    {
        var made = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        made.DefaultRequestHeaders.UserAgent.ParseAdd($"sluice-runtime/{Hosting.RuntimeServer.ProgramVersion}");
        return made;
    }

    private async Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        try
        {
            return await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw Refusals.Of(message.RequestUri!, e);
        }
    }

    private async Task<string> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return Encoding.UTF8.GetString(await BytesAsync(response, LargestRefusalBytes, cancellation) ?? []);
        }
        catch (TransientException)
        {
            // The status alone decides; its explanation is a courtesy.
            return string.Empty;
        }
    }

    private static Uri Next(WebRequest request, Uri from, Uri location, int redirects)
    {
        if (redirects == MostRedirects)
        {
            throw new FailureException(
                TerminationReasons.Unreachable, $"{request.Shown} redirects more than {MostRedirects} times, last to {WebRequest.Show(new Uri(from, location))}.");
        }
        var next = new Uri(from, location);
        if (next.Scheme is not ("http" or "https") || (from.Scheme == "https" && next.Scheme == "http"))
        {
            throw new FailureException(
                TerminationReasons.AccessDenied, $"{request.Shown} redirects to {next.Scheme}://{next.Authority}, which is not followed from {from.Scheme}.");
        }
        return next;
    }

    private static bool SameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.Authority == other.Authority;
}
