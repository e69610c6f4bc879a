using System.Globalization;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Parts of moments and of spans of time.</summary>
internal static class Times
{
    public static IEnumerable<Overload> All =>
    [
        .. Part("getFullYear", moment => moment.Year),
        .. Part("getMonth", moment => moment.Month - 1),
        .. Part("getDayOfYear", moment => moment.DayOfYear - 1),
        .. Part("getDayOfMonth", moment => moment.Day - 1),
        .. Part("getDate", moment => moment.Day),
        .. Part("getDayOfWeek", moment => (int)moment.DayOfWeek),
        .. Part("getHours", moment => moment.Hour),
        .. Part("getMinutes", moment => moment.Minute),
        .. Part("getSeconds", moment => moment.Second),
        .. Part("getMilliseconds", moment => moment.Millisecond),
        Whole("getHours", 3_600_000_000_000),
        Whole("getMinutes", 60_000_000_000),
        Whole("getSeconds", 1_000_000_000),
        Whole("getMilliseconds", 1_000_000),
    ];

    static Overload[] Part(string name, Func<DateTimeOffset, int> part) =>
    [
        Overload.Method(name, CelType.Int, [CelType.Timestamp], v => (long)part(((CelTimestamp)v[0]!).Moment.ToUniversalTime())),
        Overload.Method(name, CelType.Int, [CelType.Timestamp, CelType.String], v => Offset((string)v[1]!) switch
        {
            TimeSpan offset => (long)part(((CelTimestamp)v[0]!).Moment.ToOffset(offset)),
            var error => error,
        }),
    ];

    static Overload Whole(string name, long nanoseconds) =>
        Overload.Method(name, CelType.Int, [CelType.Duration], v => ((CelDuration)v[0]!).Nanoseconds / nanoseconds);

    /// <summary>UTC and fixed offsets such as <c>+02:00</c>. Programs here carry no time zone data, so names are refused.</summary>
    static object Offset(string zone)
    {
        if (zone is "" or "UTC")
            return TimeSpan.Zero;
        var negative = zone[0] == '-';
        return TimeSpan.TryParseExact(zone.TrimStart('-', '+'), @"hh\:mm", CultureInfo.InvariantCulture, out var offset)
            ? negative ? -offset : offset
            : new CelError($"unknown time zone {zone}");
    }

    /// <summary>RFC 3339: date, time and offset, with a capital T.</summary>
    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        moment = default;
        return text.Length >= 20 && text[10] == 'T' && (text[^1] == 'Z' || text[^6] is '+' or '-') && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out moment);
    }
}
