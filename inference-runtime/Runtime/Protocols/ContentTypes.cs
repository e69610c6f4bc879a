using Sluice.Runtime.Http;

namespace Sluice.Runtime.Protocols;

/// <summary>Which bodies are read as JSON.</summary>
internal static class ContentTypes
{
    /// <summary>
    /// JSON by any of its names, or none; also what curl and others say of a body when nobody told them its type.
    /// </summary>
    /// <exception cref="RequestException">415.</exception>
    public static void CheckJson(Exchange exchange)
    {
        var type = exchange.RequestHeaders.ContentType;
        if (type.Count == 0 || string.Equals(type[0], Exchange.JsonType, StringComparison.Ordinal))
            return;
        var media = type.ToString().AsSpan();
        var end = media.IndexOf(';');
        media = (end < 0 ? media : media[..end]).Trim();
        if (media.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            || media.Equals("text/json", StringComparison.OrdinalIgnoreCase)
            || media.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
            || media.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            || media.IsEmpty)
        {
            return;
        }
        throw new RequestException(415, $"Content-Type {media} cannot be read here; send application/json.");
    }
}
