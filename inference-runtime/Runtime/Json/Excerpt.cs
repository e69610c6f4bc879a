using System.Text;

namespace Sluice.Runtime.Json;

/// <summary>A piece of a request for an error message: short, and whatever the bytes, printable.</summary>
internal static class Excerpt
{
    private const int Longest = 40;

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, Longest)]);
        return utf8.Length > Longest ? text + "…" : text;
    }

    public static string Of(string text) => text.Length > 2 * Longest ? string.Concat(text.AsSpan(0, 2 * Longest), "…") : text;
}
