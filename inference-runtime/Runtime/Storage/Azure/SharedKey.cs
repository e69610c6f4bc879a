using System.Security.Cryptography;
using System.Text;

namespace Sluice.Runtime.Storage.Azure;

/// <summary>
/// Azure Storage's Shared Key, for requests without a body (learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key).
/// </summary>
internal static class SharedKey
{
    /// <summary>Headers that come between the verb and the x-ms headers, of which requests here have the range alone.</summary>
    private const int EmptyHeadersBeforeRange = 10;

    public static void Sign(HttpRequestMessage request, string account, byte[] key, DateTimeOffset now)
    {
        request.Headers.TryAddWithoutValidation("x-ms-date", now.UtcDateTime.ToString("r"));
        var uri = request.RequestUri!;
        var text = new StringBuilder(request.Method.Method).Append('\n')
            .Append('\n', EmptyHeadersBeforeRange)
            .Append(request.Headers.Range?.ToString()).Append('\n');
        foreach (var (name, values) in request.Headers.Select(static h => (h.Key.ToLowerInvariant(), h.Value)).Where(static h => h.Item1.StartsWith("x-ms-", StringComparison.Ordinal)).OrderBy(static h => h.Item1, StringComparer.Ordinal))
            text.Append(name).Append(':').AppendJoin(',', values).Append('\n');
        text.Append('/').Append(account).Append(uri.AbsolutePath);
        foreach (var (name, value) in Query(uri))
            text.Append('\n').Append(name).Append(':').Append(value);
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text.ToString()));
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKey {account}:{Convert.ToBase64String(signature)}");
    }

    /// <summary>Unescaped, in order of the names; none stands twice.</summary>
    private static IEnumerable<(string Name, string Value)> Query(Uri uri) => uri.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(static p => p.Split('=', 2))
        .Select(static p => (Uri.UnescapeDataString(p[0]).ToLowerInvariant(), Uri.UnescapeDataString(p.ElementAtOrDefault(1) ?? "")))
        .OrderBy(static p => p.Item1, StringComparer.Ordinal);
}
