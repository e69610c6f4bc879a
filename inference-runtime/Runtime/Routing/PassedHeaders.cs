using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;
using Sluice.Contract;

namespace Sluice.Runtime.Routing;

/// <summary>Carries headers over, but for those that concern one connection only (RFC 9110, section 7.6.1).</summary>
internal static class PassedHeaders
{
    private static readonly HashSet<string> OneConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "Host", "Expect", "Content-Length",
    };

    /// <param name="own">This pod's revision.</param>
    /// <param name="requestId">For logs: the same in both pods.</param>
    public static void ToRequest(IHeaderDictionary from, HttpRequestMessage to, string own, string requestId)
    {
        var named = from.Connection;
        foreach (var (name, values) in from)
        {
            if (name.StartsWith(':') || OneConnection.Contains(name) || IsOurs(name) || IsNamed(named, name))
                continue;
            var all = (IEnumerable<string?>)values;
            if (!to.Headers.TryAddWithoutValidation(name, all))
                to.Content!.Headers.TryAddWithoutValidation(name, all);
        }
        to.Headers.TryAddWithoutValidation(Headers.Forwarded, own);
        to.Headers.TryAddWithoutValidation(Headers.RequestId, requestId);
    }

    public static void ToAnswer(HttpHeadersNonValidated from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (!OneConnection.Contains(name) && values.All(IsPlain))
                to[name] = new StringValues([.. values]);
        }
    }

    private static bool IsOurs(string name) =>
        name.Equals(Headers.Revision, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Headers.Forwarded, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Headers.RequestId, StringComparison.OrdinalIgnoreCase);

    private static bool IsNamed(StringValues connection, string name) =>
        connection.Count > 0
        && connection.ToString().Split(',').Any(n => n.AsSpan().Trim().Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The server refuses to send anything else.</summary>
    private static bool IsPlain(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
