using System.Globalization;
using System.Text;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Conversions between types, and <c>type()</c>. What does not fit is an error.</summary>
internal static class Conversions
{
    static readonly CelType A = CelType.Parameter("A");
    static readonly CelError IntOverflow = new("integer overflow");
    static readonly CelError UintOverflow = new("unsigned integer overflow");

    public static IEnumerable<Overload> All =>
    [
        Overload.Function("type", CelType.TypeOf(A), [A], v => new CelTypeValue(CelText.TypeName(v[0]))),
        Overload.Function("dyn", CelType.Dyn, [A], v => v[0]),
        .. To("bool", CelType.Bool, value => value as string is { } text ? Bool(text) : value, CelType.Bool, CelType.String),
        .. To("bytes", CelType.Bytes, value => value is string text ? new CelBytes(Encoding.UTF8.GetBytes(text)) : value, CelType.Bytes, CelType.String),
        .. To("double", CelType.Double, Double, CelType.Double, CelType.Int, CelType.String, CelType.Uint),
        .. To("duration", CelType.Duration, Duration, CelType.Duration, CelType.Int, CelType.String),
        .. To("int", CelType.Int, Int, CelType.Int, CelType.Double, CelType.Duration, CelType.String, CelType.Timestamp, CelType.Uint),
        .. To("string", CelType.String, Text, CelType.String, CelType.Bool, CelType.Bytes, CelType.Double, CelType.Duration, CelType.Int,
            CelType.Timestamp, CelType.Uint, CelType.Ip, CelType.Cidr),
        .. To("timestamp", CelType.Timestamp, Timestamp, CelType.Timestamp, CelType.Int, CelType.String),
        .. To("uint", CelType.Uint, Uint, CelType.Uint, CelType.Double, CelType.Int, CelType.String),
    ];

    static IEnumerable<Overload> To(string name, CelType result, Func<object?, object?> convert, params CelType[] from) =>
        from.Select(type => Overload.Function(name, result, [type], v => convert(v[0])));

    static object Bool(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => CelError.Conversion(text, "bool"),
    };

    static object Double(object? value) => value switch
    {
        long number => (double)number,
        ulong number => (double)number,
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : CelError.Conversion(text, "double"),
        _ => value!,
    };

    static object Int(object? value) => value switch
    {
        double number => double.IsFinite(number) && number > long.MinValue && number < long.MaxValue ? (long)number : IntOverflow,
        ulong number => number <= long.MaxValue ? (long)number : IntOverflow,
        CelDuration duration => duration.Nanoseconds,
        CelTimestamp timestamp => timestamp.Moment.ToUnixTimeSeconds(),
        string text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : CelError.Conversion(text, "int"),
        _ => value!,
    };

    static object Uint(object? value) => value switch
    {
        double number => double.IsFinite(number) && number >= 0 && number < ulong.MaxValue ? (ulong)number : UintOverflow,
        long number => number >= 0 ? (ulong)number : UintOverflow,
        string text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : CelError.Conversion(text, "uint"),
        _ => value!,
    };

    static object Text(object? value) => value switch
    {
        CelBytes bytes => Utf8(bytes),
        _ => CelText.Of(value),
    };

    static object Utf8(CelBytes bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.Content);
        }
        catch (ArgumentException)
        {
            return new CelError("invalid UTF-8 in bytes, cannot convert to string");
        }
    }

    static object Duration(object? value) => value switch
    {
        long => CelError.Conversion(value, "google.protobuf.Duration"),
        string text => GoDuration.TryParse(text, out var nanoseconds)
            ? new CelDuration(nanoseconds)
            : CelError.Conversion(text, "google.protobuf.Duration"),
        _ => value!,
    };

    static object Timestamp(object? value) => value switch
    {
        long seconds => seconds is >= -62135596800 and <= 253402300799
            ? new CelTimestamp(DateTimeOffset.FromUnixTimeSeconds(seconds))
            : new CelError("timestamp overflow"),
        string text => Times.TryParse(text, out var moment) ? new CelTimestamp(moment) : CelError.Conversion(text, "google.protobuf.Timestamp"),
        _ => value!,
    };
}
