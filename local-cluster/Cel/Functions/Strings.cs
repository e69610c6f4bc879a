using System.Collections.Immutable;
using System.Text;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Text. Places are counted in characters, not in UTF-16 units.</summary>
internal static class Strings
{
    static readonly CelType S = CelType.String;
    static readonly CelType I = CelType.Int;
    static readonly CelType Texts = CelType.List(CelType.String);

    public static IEnumerable<Overload> All => [.. Tests, .. Places, .. Changes, .. Parts, .. Patterns];

    static IEnumerable<Overload> Tests =>
    [
        Method("contains", CelType.Bool, [S, S], v => Text(v[0]).Contains(Text(v[1]), StringComparison.Ordinal)),
        Method("startsWith", CelType.Bool, [S, S], v => Text(v[0]).StartsWith(Text(v[1]), StringComparison.Ordinal)),
        Method("endsWith", CelType.Bool, [S, S], v => Text(v[0]).EndsWith(Text(v[1]), StringComparison.Ordinal)),
    ];

    static IEnumerable<Overload> Places =>
    [
        Method("charAt", S, [S, I], v => CharAt(Runes(v[0]), Number(v[1]))),
        Method("indexOf", I, [S, S], v => IndexOf(Runes(v[0]), Runes(v[1]), 0)),
        Method("indexOf", I, [S, S, I], v => IndexOf(Runes(v[0]), Runes(v[1]), Number(v[2]))),
        Method("lastIndexOf", I, [S, S], v => Runes(v[1]).Length == 0
            ? (long)Runes(v[0]).Length
            : Runes(v[0]).Length < Runes(v[1]).Length ? -1L : LastIndexOf(Runes(v[0]), Runes(v[1]), Runes(v[0]).Length - 1)),
        Method("lastIndexOf", I, [S, S, I], v => LastIndexOf(Runes(v[0]), Runes(v[1]), Number(v[2]))),
    ];

    static IEnumerable<Overload> Changes =>
    [
        Method("lowerAscii", S, [S], v => Map(v[0], c => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c)),
        Method("upperAscii", S, [S], v => Map(v[0], c => char.IsAsciiLetterLower(c) ? (char)(c & ~0x20) : c)),
        Method("trim", S, [S], v => Text(v[0]).Trim()),
        Method("replace", S, [S, S, S], v => Replace(Text(v[0]), Text(v[1]), Text(v[2]), -1)),
        Method("replace", S, [S, S, S, I], v => Replace(Text(v[0]), Text(v[1]), Text(v[2]), Number(v[3]))),
        Overload.Function("strings.quote", S, [S], v => Quote(Text(v[0]))),
    ];

    static IEnumerable<Overload> Parts =>
    [
        Method("substring", S, [S, I], v => Substring(Runes(v[0]), Number(v[1]), null)),
        Method("substring", S, [S, I, I], v => Substring(Runes(v[0]), Number(v[1]), Number(v[2]))),
        Method("split", Texts, [S, S], v => Split(Text(v[0]), Text(v[1]), -1)),
        Method("split", Texts, [S, S, I], v => Split(Text(v[0]), Text(v[1]), Number(v[2]))),
        Method("join", S, [Texts], v => Join((CelList)v[0]!, "")),
        Method("join", S, [Texts, S], v => Join((CelList)v[0]!, Text(v[1]))),
    ];

    static IEnumerable<Overload> Patterns =>
    [
        Method("matches", CelType.Bool, [S, S], Matches),
        Overload.Function("matches", CelType.Bool, [S, S], Matches),
        Method("find", S, [S, S], v => WithPattern(v[1], regex => regex.Find(Text(v[0])) ?? "")),
        Method("findAll", Texts, [S, S], v => WithPattern(v[1], regex => List(regex.FindAll(Text(v[0]))))),
        Method("findAll", Texts, [S, S, I], v => WithPattern(v[1], regex =>
            List(Number(v[2]) < 0 ? regex.FindAll(Text(v[0])) : regex.FindAll(Text(v[0])).Take((int)Math.Min(Number(v[2]), int.MaxValue))))),
    ];

    static Overload Method(string name, CelType result, ImmutableArray<CelType> arguments, Func<object?[], object?> invoke) =>
        Overload.Method(name, result, arguments, invoke);

    static string Text(object? value) => (string)value!;

    static long Number(object? value) => (long)value!;

    static Rune[] Runes(object? value) => [.. Text(value).EnumerateRunes()];

    static string Text(ReadOnlySpan<Rune> runes)
    {
        var text = new StringBuilder(runes.Length);
        foreach (var rune in runes)
            text.Append(rune.ToString());
        return text.ToString();
    }

    static MadeList List(IEnumerable<string> items) => new([.. items]);

    static CelError OutOfRange(long index) => new($"index out of range: {index}");

    static object CharAt(Rune[] text, long index) => index < 0 || index > text.Length
        ? OutOfRange(index)
        : index == text.Length ? "" : text[index].ToString();

    static object IndexOf(Rune[] text, Rune[] part, long from)
    {
        if (part.Length == 0)
            return from;
        if (from < 0)
            return OutOfRange(from);
        if (from >= text.Length)
            return -1L;
        var found = text.AsSpan((int)from).IndexOf(part);
        return found < 0 ? -1L : found + from;
    }

    static object LastIndexOf(Rune[] text, Rune[] part, long from)
    {
        if (part.Length == 0)
            return from;
        if (from < 0)
            return OutOfRange(from);
        if (from >= text.Length)
            return -1L;
        return (long)text.AsSpan(0, Math.Min(text.Length, (int)from + part.Length)).LastIndexOf(part);
    }

    static string Map(object? value, Func<char, char> map) => string.Create(Text(value).Length, (Text(value), map), static (span, state) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = state.map(state.Item1[i]);
    });

    static string Replace(string text, string old, string replacement, long count)
    {
        if (count == 0 || old == replacement)
            return text;
        if (old.Length == 0)
            return Between(text, replacement, count);
        var result = new StringBuilder();
        var at = 0;
        for (var i = 0L; count < 0 || i < count; i++)
        {
            var found = text.IndexOf(old, at, StringComparison.Ordinal);
            if (found < 0)
                break;
            result.Append(text, at, found - at).Append(replacement);
            at = found + old.Length;
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The empty text is found before each character and at the end.</summary>
    static string Between(string text, string replacement, long count)
    {
        var result = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (count-- != 0)
                result.Append(replacement);
            else
                count = 0;
            result.Append(rune.ToString());
        }
        return (count != 0 ? result.Append(replacement) : result).ToString();
    }

    static object Substring(Rune[] text, long start, long? end)
    {
        if (start > end)
            return new CelError($"invalid substring range. start: {start}, end: {end}");
        if (start < 0 || start > text.Length)
            return OutOfRange(start);
        return end is < 0 || end > text.Length ? OutOfRange(end.Value) : Text(text.AsSpan((int)start..(int)(end ?? text.Length)));
    }

    static MadeList Split(string text, string separator, long count)
    {
        if (count == 0)
            return List([]);
        if (separator.Length > 0)
            return List(text.Split(separator, count < 0 || count > int.MaxValue ? int.MaxValue : (int)count));
        var runes = text.EnumerateRunes().ToArray();
        var pieces = count < 0 || count > runes.Length ? runes.Length : (int)count;
        var parts = runes.Take(pieces - 1).Select(rune => rune.ToString());
        return List(runes.Length == 0 ? [] : parts.Append(Text(runes.AsSpan(pieces - 1))));
    }

    static object Join(CelList list, string separator)
    {
        foreach (var item in list.Items)
        {
            if (item is not string)
                return item as CelError ?? new CelError($"join: invalid input: {CelText.Of(item)}");
        }
        return string.Join(separator, list.Items);
    }

    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '\a' => quoted.Append(@"\a"),
                '\b' => quoted.Append(@"\b"),
                '\f' => quoted.Append(@"\f"),
                '\n' => quoted.Append(@"\n"),
                '\r' => quoted.Append(@"\r"),
                '\t' => quoted.Append(@"\t"),
                '\v' => quoted.Append(@"\v"),
                '\\' => quoted.Append(@"\\"),
                '"' => quoted.Append("\\\""),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append('"').ToString();
    }

    static object? Matches(object?[] v) => WithPattern(v[1], regex => regex.IsMatch(Text(v[0])), prefix: "");

    static object WithPattern(object? pattern, Func<Re2, object> use, string prefix = "Illegal regex: ")
    {
        try
        {
            return use(Re2.Compile(Text(pattern)));
        }
        catch (FormatException e)
        {
            return new CelError(prefix + e.Message);
        }
    }
}
