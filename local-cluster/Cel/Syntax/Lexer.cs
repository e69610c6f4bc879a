namespace Sluice.LocalCluster.Cel.Syntax;

/// <summary>Cuts a source into tokens. Characters that begin no token are reported and skipped.</summary>
internal sealed class Lexer(string source, List<CelIssue> issues)
{
    static readonly string[] Symbols =
    [
        "==", "!=", "<=", ">=", "&&", "||", "<", ">", "[", "]", "{", "}", "(", ")", ".", ",", "-", "!", "?", ":", "+", "*", "/", "%",
    ];

    int at;

    public List<Token> Run()
    {
        var tokens = new List<Token>();
        while (SkipBlank())
        {
            if (Next() is { } token)
                tokens.Add(token);
        }
        tokens.Add(new Token(TokenKind.End, "<EOF>", source.Length));
        return tokens;
    }

    bool SkipBlank()
    {
        while (at < source.Length)
        {
            if (source[at] is ' ' or '\t' or '\r' or '\n' or '\f')
                at++;
            else if (source.AsSpan(at).StartsWith("//", StringComparison.Ordinal))
                at = source.IndexOf('\n', at) is >= 0 and var end ? end : source.Length;
            else
                return true;
        }
        return false;
    }

    Token? Next()
    {
        var c = source[at];
        if (StringPrefix() is { } prefix)
            return Text(prefix);
        if (char.IsAsciiLetter(c) || c == '_')
            return Word();
        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1])))
            return Number();
        if (c == '`' && source.IndexOf('`', at + 1) is > 0 and var close)
            return Take(TokenKind.QuotedIdentifier, close + 1);
        foreach (var symbol in Symbols)
        {
            if (source.AsSpan(at).StartsWith(symbol, StringComparison.Ordinal))
                return Take(TokenKind.Symbol, at + symbol.Length);
        }
        issues.Add(new CelIssue(at, $"Syntax error: token recognition error at: '{c}'"));
        at++;
        return null;
    }

    Token Take(TokenKind kind, int end)
    {
        var token = new Token(kind, source[at..end], at);
        at = end;
        return token;
    }

    Token Word()
    {
        var end = at;
        while (end < source.Length && (char.IsAsciiLetterOrDigit(source[end]) || source[end] == '_'))
            end++;
        return Take(source[at..end] is "true" or "false" or "null" or "in" ? TokenKind.Symbol : TokenKind.Identifier, end);
    }

    Token Number()
    {
        var end = at;
        if (source.AsSpan(at).StartsWith("0x", StringComparison.Ordinal) && at + 2 < source.Length && char.IsAsciiHexDigit(source[at + 2]))
        {
            end = Digits(at + 2, char.IsAsciiHexDigit);
            return IsUnsigned(end) ? Take(TokenKind.Uint, end + 1) : Take(TokenKind.Int, end);
        }
        end = Digits(at, char.IsAsciiDigit);
        var kind = TokenKind.Int;
        if (end + 1 < source.Length && source[end] == '.' && char.IsAsciiDigit(source[end + 1]))
        {
            kind = TokenKind.Float;
            end = Digits(end + 1, char.IsAsciiDigit);
        }
        if (Exponent(end) is { } after)
        {
            kind = TokenKind.Float;
            end = after;
        }
        return kind == TokenKind.Int && IsUnsigned(end) ? Take(TokenKind.Uint, end + 1) : Take(kind, end);
    }

    bool IsUnsigned(int end) => end < source.Length && source[end] is 'u' or 'U';

    int? Exponent(int end)
    {
        if (end >= source.Length || source[end] is not ('e' or 'E'))
            return null;
        var digits = end + 1 < source.Length && source[end + 1] is '+' or '-' ? end + 2 : end + 1;
        return digits < source.Length && char.IsAsciiDigit(source[digits]) ? Digits(digits, char.IsAsciiDigit) : null;
    }

    int Digits(int from, Func<char, bool> belongs)
    {
        while (from < source.Length && belongs(source[from]))
            from++;
        return from;
    }

    /// <summary>The letters before a quote: none, r, b, br. Null when no string begins here.</summary>
    string? StringPrefix()
    {
        foreach (var prefix in (ReadOnlySpan<string>)["", "r", "R", "b", "B", "br", "bR", "Br", "BR"])
        {
            var quote = at + prefix.Length;
            if (quote < source.Length && source[quote] is '"' or '\'' && source.AsSpan(at).StartsWith(prefix, StringComparison.Ordinal))
                return prefix;
        }
        return null;
    }

    Token? Text(string prefix)
    {
        var open = at + prefix.Length;
        var quote = source[open].ToString();
        var isTriple = source.AsSpan(open).StartsWith(new string(source[open], 3), StringComparison.Ordinal);
        if (isTriple)
            quote = new string(source[open], 3);
        var raw = prefix.Contains('r', StringComparison.OrdinalIgnoreCase);
        var i = open + quote.Length;
        while (i < source.Length && !source.AsSpan(i).StartsWith(quote, StringComparison.Ordinal) && (isTriple || source[i] is not ('\n' or '\r')))
            i += !raw && source[i] == '\\' ? 2 : 1;
        if (i < source.Length && source.AsSpan(i).StartsWith(quote, StringComparison.Ordinal))
            return Take(prefix.Contains('b', StringComparison.OrdinalIgnoreCase) ? TokenKind.Bytes : TokenKind.String, i + quote.Length);
        issues.Add(new CelIssue(at, $"Syntax error: token recognition error at: '{source[at..Math.Min(i, source.Length)]}'"));
        at = Math.Min(i, source.Length);
        return null;
    }
}
