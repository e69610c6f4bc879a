using System.Globalization;
using System.Text;

namespace Sluice.LocalCluster.Cel.Syntax;

/// <summary>The values of literal tokens.</summary>
internal static class Literal
{
    public static long? Int(string text, bool negative)
    {
        var isHex = text.StartsWith("0x", StringComparison.Ordinal);
        var parsed = isHex
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);
        if (!parsed || size > (ulong)long.MaxValue + (negative ? 1ul : 0ul))
            return null;
        return negative ? unchecked(-(long)size) : (long)size;
    }

    public static ulong? Uint(string text)
    {
        var digits = text[..^1];
        var parsed = digits.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return parsed ? value : null;
    }

    public static double? Double(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <exception cref="FormatException">An escape that the language does not know.</exception>
    public static string String(string token) => Encoding.UTF8.GetString(Unescape(token, isBytes: false));

    /// <exception cref="FormatException">An escape that the language does not know.</exception>
    public static byte[] Bytes(string token) => Unescape(token.Remove(token.IndexOfAny(['b', 'B']), 1), isBytes: true);

    /// <summary>Works on bytes, because escapes in bytes literals name bytes while those in strings name characters.</summary>
    static byte[] Unescape(string token, bool isBytes)
    {
        var raw = token[0] is 'r' or 'R';
        var body = raw ? token[1..] : token;
        var quote = body.Length >= 6 && body.StartsWith(new string(body[0], 3), StringComparison.Ordinal) ? 3 : 1;
        var text = body[quote..^quote].Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (raw)
            return Encoding.UTF8.GetBytes(text);
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\\')
                i += Escape(text, i, isBytes, bytes);
            else
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, length));
                i += length;
            }
        }
        return [.. bytes];
    }

    static int Escape(string text, int at, bool isBytes, List<byte> bytes)
    {
        if (at + 1 >= text.Length)
            throw new FormatException("unable to unescape string, found '\\' as last character");
        var c = text[at + 1];
        var plain = c switch
        {
            'a' => '\a', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v',
            '\\' or '\'' or '"' or '`' or '?' => c,
            _ => '\0',
        };
        if (plain != '\0')
        {
            bytes.Add((byte)plain);
            return 2;
        }
        return c switch
        {
            'x' or 'X' => Code(text, at + 2, 2, 16, isBytes, bytes) + 2,
            'u' when !isBytes => Code(text, at + 2, 4, 16, isBytes, bytes) + 2,
            'U' when !isBytes => Code(text, at + 2, 8, 16, isBytes, bytes) + 2,
            >= '0' and <= '3' => Code(text, at + 1, 3, 8, isBytes, bytes) + 1,
            _ => throw new FormatException("unable to unescape string"),
        };
    }

    static int Code(string text, int at, int length, int numberBase, bool isBytes, List<byte> bytes)
    {
        if (at + length > text.Length)
            throw new FormatException("unable to unescape string");
        var code = 0;
        foreach (var c in text.AsSpan(at, length))
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;
            if (digit >= numberBase)
                throw new FormatException("unable to unescape string");
            code = (code * numberBase) + digit;
        }
        if (isBytes)
            bytes.Add((byte)code);
        else if (Rune.IsValid(code))
            bytes.AddRange(Encoding.UTF8.GetBytes(new Rune(code).ToString()));
        else
            throw new FormatException("invalid unicode code point");
        return length;
    }
}
