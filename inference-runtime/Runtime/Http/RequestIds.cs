using System.Security.Cryptography;

namespace Sluice.Runtime.Http;

/// <summary>Makes identifiers for requests that bring none: unique across pods and restarts, cheap to make.</summary>
internal static class RequestIds
{
    private const int Longest = 128;
    private static readonly string Prefix = RandomNumberGenerator.GetHexString(12, lowercase: true) + "-";
    private static long last;

    public static string Next() => string.Create(
        Prefix.Length + 10,
        Interlocked.Increment(ref last),
        static (text, number) =>
        {
            Prefix.CopyTo(text);
            for (var i = text.Length - 1; i >= Prefix.Length; i--, number >>= 4)
                text[i] = "0123456789abcdef"[(int)(number & 15)];
        });

    /// <summary>Short printable ASCII: it goes into headers, logs and events.</summary>
    public static bool IsAcceptable(string id) =>
        id.Length is > 0 and <= Longest && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
