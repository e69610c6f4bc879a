using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Operator.Api;

/// <summary>A length of time as people write it: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>1h30m</c>.</summary>
/// <remarks>The grammar is Go's without signs, micro- and nanoseconds; <see cref="Pattern"/> is the schema's form of it.</remarks>
[JsonConverter(typeof(DurationConverter))]
public readonly record struct Duration(TimeSpan Value)
{
    public const string Pattern = "^(0|([0-9]+(\\.[0-9]+)?(ms|s|m|h))+)$";

    public static bool TryParse(string text, out Duration duration)
    {
        duration = default;
        if (text == "0")
            return true;
        var rest = text.AsSpan();
        var total = 0d;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExceptInRange('.', '9');
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var (milliseconds, length) = Unit(rest);
            if (milliseconds == 0)
                return false;
            total += number * milliseconds;
            rest = rest[length..];
        }

        if (text.Length == 0 || total > TimeSpan.FromDays(3650).TotalMilliseconds)
            return false;
        duration = new Duration(TimeSpan.FromMilliseconds(total));
        return true;
    }

    /// <summary>The shortest form: <c>1h30m</c>, <c>90s</c> becomes <c>1m30s</c>.</summary>
    public override string ToString()
    {
        if (Value == TimeSpan.Zero)
            return "0s";
        var text = new StringBuilder();
        Append(text, (int)Value.TotalHours, "h");
        Append(text, Value.Minutes, "m");
        Append(text, Value.Seconds, "s");
        Append(text, Value.Milliseconds, "ms");
        return text.ToString();
    }

    static void Append(StringBuilder text, int number, string unit)
    {
        if (number > 0)
            text.Append(number).Append(unit);
    }

    static (double Milliseconds, int Length) Unit(ReadOnlySpan<char> text) => text switch
    {
        ['m', 's', ..] => (1, 2),
        ['s', ..] => (1_000, 1),
        ['m', ..] => (60_000, 1),
        ['h', ..] => (3_600_000, 1),
        _ => (0, 0),
    };
}

internal sealed class DurationConverter : JsonConverter<Duration>
{
    public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        return Duration.TryParse(text, out var duration)
            ? duration
            : throw new JsonException($"'{text}' is not a duration; write 500ms, 10s, 5m or 1h30m");
    }

    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
