using System.Net;
using System.Net.Http.Headers;
using Sluice.Contract;

namespace Sluice.Runtime.Storage.Web;

/// <summary>Puts credentials or a signature on a request that is about to be sent.</summary>
internal delegate Task Authorize(HttpRequestMessage request, CancellationToken cancellation);

/// <summary>One question to a storage.</summary>
internal sealed record WebRequest(Uri Uri)
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Who asks; null for anybody. Never sent to another origin.</summary>
    public Authorize? Authorize { get; init; }

    /// <summary>Where a broken transfer goes on.</summary>
    public Resume From { get; init; }

    /// <summary>What lies there never changes, because its name says its content: a broken transfer may always go on.</summary>
    public bool Immutable { get; init; }

    /// <summary>The reason that a bad request stands for: who asks for a token has bad credentials, for example.</summary>
    public string BadRequestMeans { get; init; } = TerminationReasons.Unreachable;

    /// <summary>A refusal for want of credentials is a good answer too: it says which.</summary>
    public bool TakesUnauthorized { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>For a form or a document that is posted.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Picks the reason out of a refusal and its body; null when it says none.</summary>
    public Func<HttpResponseMessage, string, string?>? Explain { get; init; }

    /// <summary>Without user, password and query, which may be secrets.</summary>
    public string Shown => Show(Uri);

    public static string Show(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    public HttpRequestMessage Message(Uri uri)
    {
        var message = new HttpRequestMessage(Method, uri) { Content = Content?.Invoke(), VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        foreach (var (name, value) in Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        if (From is { Offset: > 0, Validator: { } validator })
        {
            message.Headers.Range = new RangeHeaderValue(From.Offset, null);
            if (!Immutable)
                message.Headers.TryAddWithoutValidation("If-Range", validator);
        }
        return message;
    }

    /// <summary>What the rest of a file must still have: a strong entity tag, else its date.</summary>
    public string? ValidatorOf(HttpResponseMessage response) =>
        Immutable ? "immutable" : response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("r");

    public static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
