using System.Globalization;

namespace Sluice.LocalCluster.Controllers.Jobs;

/// <summary>A schedule in the five fields of cron (minute, hour, day of month, month, day of week), in UTC; pure.</summary>
internal sealed class CronSchedule
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly HashSet<int> _minutes, _hours, _days, _months, _weekdays;
    private readonly bool _anyDay, _anyWeekday;

    private CronSchedule(string[] fields)
    {
        _minutes = Field(fields[0], 0, 59, []);
        _hours = Field(fields[1], 0, 23, []);
        _days = Field(fields[2], 1, 31, []);
        _months = Field(fields[3], 1, 12, Months);
        _weekdays = [.. Field(fields[4], 0, 7, Days).Select(day => day % 7)];
        (_anyDay, _anyWeekday) = (fields[2][0] is '*' or '?', fields[4][0] is '*' or '?');
    }

    /// <exception cref="FormatException">The text is no schedule; the message says what is wrong.</exception>
    internal static CronSchedule Parse(string text)
    {
        var spelled = text.Trim() switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            var other => other,
        };
        var fields = spelled.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 5
            ? new CronSchedule(fields)
            : throw new FormatException($"schedule \"{text}\" has {fields.Length} fields and not five");
    }

    /// <summary>The first time after this one; null when there is none within five years.</summary>
    internal DateTimeOffset? Next(DateTimeOffset after)
    {
        var time = after.ToUniversalTime();
        time = new DateTimeOffset(time.Year, time.Month, time.Day, time.Hour, time.Minute, 0, TimeSpan.Zero).AddMinutes(1);
        var end = time.AddYears(5);
        while (time < end)
        {
            if (!_months.Contains(time.Month))
                time = new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
            else if (!IsDay(time))
                time = new DateTimeOffset(time.Date, TimeSpan.Zero).AddDays(1);
            else if (!_hours.Contains(time.Hour))
                time = time.AddMinutes(60 - time.Minute);
            else if (!_minutes.Contains(time.Minute))
                time = time.AddMinutes(1);
            else
                return time;
        }
        return null;
    }

    // When both day fields are restricted, either suffices: cron has always been so.
    private bool IsDay(DateTimeOffset time)
    {
        var (day, weekday) = (_days.Contains(time.Day), _weekdays.Contains((int)time.DayOfWeek));
        return _anyDay || _anyWeekday ? day && weekday : day || weekday;
    }

    private static HashSet<int> Field(string text, int low, int high, string[] names)
    {
        var result = new HashSet<int>();
        foreach (var part in text.Split(','))
        {
            var slash = part.IndexOf('/');
            var step = slash < 0 ? 1 : Number(part[(slash + 1)..], []);
            var range = slash < 0 ? part : part[..slash];
            var (from, to) = Range(range, low, slash < 0 ? null : high, high, names);
            if (step < 1 || from < low || to > high || from > to)
                throw new FormatException($"\"{part}\" is not within {low} and {high}");
            for (var value = from; value <= to; value += step)
                result.Add(value);
        }
        return result;
    }

    private static (int From, int To) Range(string text, int low, int? open, int high, string[] names)
    {
        if (text is "*" or "?")
            return (low, high);
        var dash = text.IndexOf('-');
        if (dash > 0)
            return (Number(text[..dash], names, low), Number(text[(dash + 1)..], names, low));
        var one = Number(text, names, low);
        return (one, open ?? one);
    }

    private static int Number(string text, string[] names, int first = 0)
    {
        var name = Array.IndexOf(names, text.ToLowerInvariant());
        if (name >= 0)
            return name + first;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"\"{text}\" is not a number");
    }
}
