using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.LocalCluster.Schema;

/// <summary>
/// Regular expressions in RE2's syntax, as Go reads them, on .NET's linear-time engine. What differs between the two is
/// rewritten: <c>$</c> means the very end, <c>\d \w \s</c> mean ASCII, POSIX classes and <c>(?P&lt;name&gt;</c> exist.
/// </summary>
internal sealed class Re2
{
    readonly Regex regex;

    Re2(Regex regex) => this.regex = regex;

    /// <exception cref="FormatException">The text is no regular expression of RE2; the message is Go's.</exception>
    public static Re2 Compile(string pattern)
    {
        try
        {
            return new Re2(new Regex(
                new Re2Rewriter(pattern).Rewrite(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (RegexParseException e)
        {
            throw new FormatException($"error parsing regexp: {Reason(e, pattern)}", e);
        }
        catch (NotSupportedException e)
        {
            throw new FormatException($"error parsing regexp: {e.Message}", e);
        }
    }

    static string Reason(RegexParseException e, string pattern) => e.Error switch
    {
        RegexParseError.InsufficientOpeningParentheses => $"unexpected ): `{pattern}`",
        RegexParseError.InsufficientClosingParentheses => $"missing closing ): `{pattern}`",
        RegexParseError.NestedQuantifiersNotParenthesized => $"invalid nested repetition operator: `{Tail(pattern, e.Offset, 2)}`",
        RegexParseError.QuantifierAfterNothing => $"missing argument to repetition operator: `{Tail(pattern, e.Offset, 1)}`",
        RegexParseError.ReversedCharacterRange => $"invalid character class range: `{Tail(pattern, e.Offset, 3)}`",
        RegexParseError.ReversedQuantifierRange => $"invalid repeat count: `{Tail(pattern, e.Offset, e.Offset - pattern.LastIndexOf('{'))}`",
        _ => e.Message,
    };

    static string Tail(string pattern, int end, int length)
    {
        var at = Math.Clamp(end, 0, pattern.Length);
        return pattern[Math.Max(at - length, 0)..at];
    }

    /// <summary>Null for the empty text and for one that does not compile.</summary>
    public static Re2? TryCompile(string pattern)
    {
        try
        {
            return pattern.Length == 0 ? null : Compile(pattern);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public bool IsMatch(string text) => regex.IsMatch(text);

    /// <summary>First match, or null.</summary>
    public string? Find(string text) => regex.Match(text) is { Success: true } match ? match.Value : null;

    public IEnumerable<string> FindAll(string text) => regex.Matches(text).Select(match => match.Value);
}

/// <summary>Translates RE2's syntax to .NET's. Single use.</summary>
file sealed class Re2Rewriter(string pattern)
{
    readonly StringBuilder output = new(pattern.Length + 16);
    int at;

    public string Rewrite()
    {
        while (at < pattern.Length)
        {
            switch (pattern[at])
            {
                case '\\': Escape(inClass: false); break;
                case '[': Class(); break;
                case '(': Group(); break;
                case '$': output.Append(@"\z"); at++; break;
                case '{': Repeat(); break;
                default: output.Append(pattern[at++]); break;
            }
        }
        return output.ToString();
    }

    /// <summary>A thousand repetitions are the most; a brace that is no count is a character.</summary>
    void Repeat()
    {
        var end = pattern.IndexOf('}', at);
        var counts = end < 0 ? [] : pattern[(at + 1)..end].Split(',');
        if (counts.Any(count => count.Length > 0 && count.All(char.IsAsciiDigit) && (count.Length > 4 || int.Parse(count) > 1000)))
            throw new FormatException($"error parsing regexp: invalid repeat count: `{pattern[at..(end + 1)]}`");
        output.Append(pattern[at++]);
    }

    void Group()
    {
        if (!Rest.StartsWith("(?", StringComparison.Ordinal))
        {
            output.Append(pattern[at++]);
            return;
        }
        if (Rest.StartsWith("(?P<", StringComparison.Ordinal))
        {
            output.Append("(?<");
            at += 4;
            return;
        }
        foreach (var perl in (ReadOnlySpan<string>)["(?=", "(?!", "(?<=", "(?<!", "(?>", "(?#"])
        {
            if (Rest.StartsWith(perl, StringComparison.Ordinal))
                throw new FormatException($"error parsing regexp: invalid or unsupported Perl syntax: `{perl}`");
        }
        output.Append("(?");
        at += 2;
    }

    void Escape(bool inClass)
    {
        if (at + 1 >= pattern.Length)
            throw new FormatException(@"error parsing regexp: trailing backslash at end of expression: ``");
        var c = pattern[at + 1];
        at += 2;
        switch (c)
        {
            case 'd': output.Append(inClass ? "0-9" : "[0-9]"); break;
            case 'w': output.Append(inClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]"); break;
            case 's': output.Append(inClass ? @"\t\n\f\r " : @"[\t\n\f\r ]"); break;
            case 'D' when !inClass: output.Append("[^0-9]"); break;
            case 'W' when !inClass: output.Append("[^0-9A-Za-z_]"); break;
            case 'S' when !inClass: output.Append(@"[^\t\n\f\r ]"); break;
            case 'z' or 'A' or 'b' or 'B' when !inClass: output.Append('\\').Append(c); break;
            case 'Q': Quoted(); break;
            case 'p' or 'P': Category(c); break;
            case 'x' when at < pattern.Length && pattern[at] == '{': HexRune(); break;
            case 'a' or 'f' or 't' or 'n' or 'r' or 'v' or 'x' or 'D' or 'W' or 'S': output.Append('\\').Append(c); break;
            case '0' or '1' or '2' or '3' or '4' or '5' or '6' or '7': Octal(c); break;
            default:
                if (char.IsAsciiLetterOrDigit(c) || c >= 0x80)
                    throw new FormatException($@"error parsing regexp: invalid escape sequence: `\{c}`");
                output.Append('\\').Append(c);
                break;
        }
    }

    void Octal(char first)
    {
        var value = first - '0';
        var digits = 1;
        while (digits < 3 && at < pattern.Length && pattern[at] is >= '0' and <= '7')
        {
            value = (value * 8) + (pattern[at++] - '0');
            digits++;
        }
        if (first != '0' && digits == 1)
            throw new FormatException($@"error parsing regexp: invalid escape sequence: `\{first}`");
        output.Append($@"\u{value:x4}");
    }

    void Category(char kind)
    {
        if (at < pattern.Length && pattern[at] == '{')
        {
            output.Append('\\').Append(kind);
            return;
        }
        if (at < pattern.Length)
            output.Append('\\').Append(kind).Append('{').Append(pattern[at++]).Append('}');
    }

    void HexRune()
    {
        var end = pattern.IndexOf('}', at);
        var digits = end < 0 ? "" : pattern[(at + 1)..end];
        if (digits.Length is 0 or > 6 || !digits.All(char.IsAsciiHexDigit))
            throw new FormatException(@"error parsing regexp: invalid escape sequence: `\x{`");
        foreach (var c in char.ConvertFromUtf32(Convert.ToInt32(digits, 16)))
            output.Append($@"\u{(int)c:x4}");
        at = end + 1;
    }

    void Quoted()
    {
        var end = pattern.IndexOf(@"\E", at, StringComparison.Ordinal);
        output.Append(Regex.Escape(end < 0 ? pattern[at..] : pattern[at..end]));
        at = end < 0 ? pattern.Length : end + 2;
    }

    void Class()
    {
        output.Append(pattern[at++]);
        if (at < pattern.Length && pattern[at] == '^')
            output.Append(pattern[at++]);
        // A bracket that opens the class, or follows its caret, is a member.
        if (at < pattern.Length && pattern[at] == ']')
        {
            output.Append(@"\]");
            at++;
        }
        while (at < pattern.Length && pattern[at] != ']')
        {
            if (pattern[at] == '\\')
                Escape(inClass: true);
            else if (Rest.StartsWith("[:", StringComparison.Ordinal) && Rest.IndexOf(":]", StringComparison.Ordinal) is > 0 and var end)
                Posix(Rest[2..end], end + 2);
            else if (pattern[at] == '[')
            {
                output.Append(@"\[");
                at++;
            }
            else
                output.Append(pattern[at++]);
        }
        if (at >= pattern.Length)
            throw new FormatException($"error parsing regexp: missing closing ]: `{pattern[pattern.LastIndexOf('[')..]}`");
        output.Append(pattern[at++]);
    }

    void Posix(string name, int length)
    {
        output.Append(name switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => @"\x00-\x7f",
            "blank" => @"\t ",
            "cntrl" => @"\x00-\x1f\x7f",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => @"!-/:-@\[-`{-~",
            "space" => @"\t\n\v\f\r ",
            "upper" => "A-Z",
            "word" => "0-9A-Za-z_",
            "xdigit" => "0-9A-Fa-f",
            _ => throw new FormatException($"error parsing regexp: invalid character class range: `[:{name}:]`"),
        });
        at += length;
    }

    string Rest => pattern[at..];
}
