using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Types;

/// <summary>The scalar types of built-in kinds: what JSON they accept and how they are stored.</summary>
internal static class Scalars
{
    static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>The stored form, or null when the value is not of that shape.</summary>
    public static JsonNode? Canonical(Shape shape, JsonNode raw) => shape switch
    {
        Shape.String => raw.AsText() is { } text ? JsonValue.Create(text) : null,
        Shape.Bytes => raw.AsText() is { } encoded && FirstBadBase64Byte(encoded) < 0 ? JsonValue.Create(encoded) : null,
        Shape.Bool => raw is JsonValue value && value.TryGetValue<bool>(out var flag) ? JsonValue.Create(flag) : null,
        Shape.Int32 => raw.AsInteger() is { } small and >= int.MinValue and <= int.MaxValue ? JsonValue.Create(small) : null,
        Shape.Int64 => raw.AsInteger() is { } large ? JsonValue.Create(large) : null,
        Shape.Number => raw.GetValueKind() == System.Text.Json.JsonValueKind.Number ? raw.DeepClone() : null,
        Shape.IntOrString => raw.AsText() is not null || raw.AsInteger() is not null ? raw.DeepClone() : null,
        Shape.Quantity => QuantityOf(raw),
        Shape.Time => Time(raw.AsText(), "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        Shape.MicroTime => Time(raw.AsText(), "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        _ => null,
    };

    public static string Instant(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? ParseInstant(string? text) =>
        text is not null && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
            ? time
            : null;

    /// <summary>Index of the first byte that standard base64 does not allow; -1 when there is none.</summary>
    public static int FirstBadBase64Byte(string text)
    {
        var clean = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        var buffer = new byte[(clean.Length * 3 / 4) + 3];
        if (Convert.TryFromBase64String(clean, buffer, out _))
            return -1;
        var bad = clean.AsSpan().IndexOfAnyExcept(Base64);
        return bad < 0 ? clean.Length : bad;
    }

    static JsonValue? QuantityOf(JsonNode raw)
    {
        var text = raw.AsText() ?? (raw.AsInteger() is { } integer
            ? integer.ToString(CultureInfo.InvariantCulture)
            : raw is JsonValue value && value.TryGetValue<double>(out var real) ? real.ToString("R", CultureInfo.InvariantCulture) : null);
        return text is not null && Quantity.TryParse(text, out var quantity) ? JsonValue.Create(quantity.ToString()) : null;
    }

    static JsonValue? Time(string? text, string format) =>
        text?.Length >= 20 && ParseInstant(text) is { } time
            ? JsonValue.Create(time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture))
            : null;
}
