using System.Buffers;
using System.Text;

namespace Sluice.Runtime.Grpc.Framing;

/// <summary>Writes the trailer grpc-message: UTF-8, with all but printable ASCII (and the percent sign) percent-encoded.</summary>
internal static class GrpcMessageText
{
    /// <summary>Longer texts are cut: clients take some kilobytes of trailers in all.</summary>
    private const int Longest = 2048;

    private static readonly SearchValues<char> Plain =
        SearchValues.Create(Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c != '%').ToArray());

    public static string Encode(string message)
    {
        var text = message.Length > Longest ? Cut(message) : message;
        if (!text.AsSpan().ContainsAnyExcept(Plain))
            return text;
        var encoded = new StringBuilder(text.Length + 32);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (Plain.Contains((char)b))
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(Convert.ToHexString([b]));
        }
        return encoded.ToString();
    }

    private static string Cut(string message)
    {
        var end = char.IsHighSurrogate(message[Longest - 1]) ? Longest - 1 : Longest;
        return string.Concat(message.AsSpan(0, end), "…");
    }
}
