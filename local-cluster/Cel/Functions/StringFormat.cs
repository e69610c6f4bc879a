using System.Globalization;
using System.Text;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>One clause of a format: its letter, its precision, and the text before it.</summary>
internal readonly record struct FormatClause(string Before, char Letter, int? Precision);

/// <summary><c>"%s of %.2f".format([…])</c>: the clauses s d f e x X o b, with a precision for f and e, and <c>%%</c>.</summary>
internal static class StringFormat
{
    const int DefaultPrecision = 6;

    public static IEnumerable<Overload> All =>
    [
        Overload.Method("format", CelType.String, [CelType.String, CelType.List(CelType.Dyn)], v => Format((string)v[0]!, (CelList)v[1]!)),
    ];

    /// <summary>The clauses up to the first that cannot be read, and what is wrong with that one.</summary>
    public static (IReadOnlyList<FormatClause> Clauses, string? Problem) Clauses(string format)
    {
        var (clauses, _, problem) = Parse(format);
        return (clauses, problem);
    }

    public static string TooMany(int expected, int got) =>
        $"too many arguments supplied to string.format (expected {expected}, got {got})";

    /// <summary>Why values of the type do not fit the clause; null when they may.</summary>
    public static string? Misfit(FormatClause clause, CelType type) =>
        type.Kind == CelKind.Dyn || Fits(clause.Letter, type.Kind) ? null : Misfit(clause.Letter, type.Name);

    static object Format(string format, CelList arguments)
    {
        var (clauses, rest, problem) = Parse(format);
        var text = new StringBuilder();
        for (var i = 0; i < clauses.Count; i++)
        {
            if (i >= arguments.Count)
                return new CelError($"index {i} out of range");
            var written = Write(clauses[i], arguments[i]);
            if (written is not string shown)
                return written;
            text.Append(clauses[i].Before).Append(shown);
        }
        if (problem is not null)
            return new CelError(problem);
        return text.Append(rest).ToString();
    }

    static (List<FormatClause> Clauses, string Tail, string? Problem) Parse(string format)
    {
        var clauses = new List<FormatClause>();
        var text = new StringBuilder();
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }
            if (++at < format.Length && format[at] == '%')
            {
                text.Append('%');
                continue;
            }
            var precision = Precision(format, ref at);
            if (at >= format.Length)
                return (clauses, "", precision is null
                    ? "unexpected end of string"
                    : "could not parse formatting clause: error while parsing precision: could not find end of precision specifier");
            if (!"sdfexXob".Contains(format[at], StringComparison.Ordinal))
                return (clauses, "", $"could not parse formatting clause: unrecognized formatting clause \"{format[at]}\"");
            clauses.Add(new FormatClause(text.ToString(), format[at], precision));
            text.Clear();
        }
        return (clauses, text.ToString(), null);
    }

    static int? Precision(string format, ref int at)
    {
        if (at >= format.Length || format[at] != '.')
            return null;
        var precision = 0;
        while (++at < format.Length && char.IsAsciiDigit(format[at]))
            precision = Math.Min((precision * 10) + (format[at] - '0'), 100);
        return precision;
    }

    static object Write(FormatClause clause, object? value) => (clause.Letter, value) switch
    {
        (_, CelError error) => error,
        ('s', _) => Text(value),
        ('d', long or ulong) => CelText.Of(value),
        ('f', double number) => Fixed(number, clause.Precision ?? DefaultPrecision),
        ('f' or 'e', "NaN" or "Infinity" or "-Infinity") => value,
        ('e', double number) => Scientific(number, clause.Precision ?? DefaultPrecision),
        ('x', long or ulong or string or CelBytes) => Hex(value),
        ('X', long or ulong or string or CelBytes) => Hex(value).ToUpperInvariant(),
        ('o', long or ulong) => InBase(ToInt128(value), 8),
        ('b', long or ulong) => InBase(ToInt128(value), 2),
        ('b', bool flag) => flag ? "1" : "0",
        _ => new CelError(Misfit(clause.Letter, CelText.TypeName(value))),
    };

    static bool Fits(char clause, CelKind kind) => clause switch
    {
        's' => kind is not (CelKind.Opaque or CelKind.Struct),
        'd' or 'o' => kind is CelKind.Int or CelKind.Uint,
        'f' or 'e' => kind is CelKind.Double or CelKind.String,
        'b' => kind is CelKind.Int or CelKind.Uint or CelKind.Bool,
        _ => kind is CelKind.Int or CelKind.Uint or CelKind.String or CelKind.Bytes,
    };

    static string Misfit(char clause, string type) => "error during formatting: " + clause switch
    {
        'd' => "decimal clause can only be used on integers",
        'f' => "fixed-point clause can only be used on doubles",
        'e' => "scientific clause can only be used on doubles",
        'o' => "octal clause can only be used on integers",
        'b' => "only integers and bools can be formatted as binary",
        's' => "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps",
        _ => "only integers, byte buffers, and strings can be formatted as hex",
    } + $", was given {type}";

    /// <summary>As people of the United States write numbers, with commas between thousands.</summary>
    static string Fixed(double number, int precision) =>
        double.IsFinite(number) ? number.ToString("N" + precision, CultureInfo.InvariantCulture) : Special(number);

    /// <summary>Six decimals always: the real formatter takes the precision for a width.</summary>
    static string Scientific(double number, int width)
    {
        if (!double.IsFinite(number))
            return Special(number);
        var parts = number.ToString("0.000000e+00", CultureInfo.InvariantCulture).Split('e');
        var exponent = parts[1].TrimStart('+').Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']);
        return $"{parts[0]}×10{string.Concat(exponent)}".PadLeft(width);
    }

    static string Special(double number) => double.IsNaN(number) ? "NaN" : number > 0 ? "∞" : "-∞";

    static Int128 ToInt128(object? value) => value is ulong unsigned ? unsigned : (long)value!;

    static string Hex(object? value) => value switch
    {
        string text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        CelBytes bytes => Convert.ToHexStringLower(bytes.Content),
        _ => InBase(ToInt128(value), 16),
    };

    static string InBase(Int128 number, int numberBase)
    {
        var rest = UInt128.CreateTruncating(Int128.Abs(number));
        var digits = new StringBuilder();
        do
        {
            digits.Insert(0, "0123456789abcdef"[(int)(rest % (uint)numberBase)]);
            rest /= (uint)numberBase;
        }
        while (rest > 0);
        return (number < 0 ? "-" : "") + digits;
    }

    static string Text(object? value) => value switch
    {
        CelList list => $"[{string.Join(", ", list.Items.Select(Nested))}]",
        CelMap map => $"{{{string.Join(", ", map.Keys.Select(key => $"{Nested(key)}:{Nested(map.TryGet(key, out var member) ? member : null)}").Order(StringComparer.Ordinal))}}}",
        _ => CelText.Of(value),
    };

    /// <summary>Inside lists and maps, what could be mistaken for something else is marked.</summary>
    static string Nested(object? value) => value switch
    {
        string text => Strings.Quote(text),
        CelBytes bytes => "b" + Strings.Quote(CelText.Of(bytes)),
        double number when double.IsFinite(number) => number.ToString("F" + DefaultPrecision, CultureInfo.InvariantCulture),
        double number => $"\"{CelText.Of(number)}\"",
        CelTypeValue type => $"type({type.Name})",
        CelDuration => $"duration(\"{CelText.Of(value)}\")",
        CelTimestamp => $"timestamp(\"{CelText.Of(value)}\")",
        _ => Text(value),
    };
}
