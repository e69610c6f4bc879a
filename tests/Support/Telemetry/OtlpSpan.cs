using System.Text.Json;

namespace Sluice.Support.Telemetry;

/// <summary>A span as it arrived; ids in hexadecimal.</summary>
public sealed record OtlpSpan(string Name, string Trace, string Id, string Parent, int Kind, int Status, long Start, long End, OtlpAttributes Attributes, OtlpAttributes Resource)
{
    /// <summary>OTLP's numbers for <see cref="Kind"/>.</summary>
    public const int Internal = 1, Server = 2, Client = 3;

    internal OtlpSpan(JsonElement span, JsonElement resource)
        : this(
            span.GetProperty("name").GetString()!, Hex(span, "traceId"), Hex(span, "spanId"), Hex(span, "parentSpanId"), span.GetProperty("kind").GetInt32(),
            span.TryGetProperty("status", out var status) && status.TryGetProperty("code", out var code) ? code.GetInt32() : 0,
            Nanoseconds(span, "startTimeUnixNano"), Nanoseconds(span, "endTimeUnixNano"), new(span), new(resource))
    {
    }

    static string Hex(JsonElement of, string member) =>
        of.TryGetProperty(member, out var bytes) ? Convert.ToHexStringLower(Convert.FromBase64String(bytes.GetString()!)) : "";

    static long Nanoseconds(JsonElement of, string member) => long.Parse(of.GetProperty(member).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A metric of one export.</summary>
public sealed record OtlpMetric(string Name, string Unit, JsonElement Data, OtlpAttributes Resource)
{
    internal OtlpMetric(JsonElement metric, JsonElement resource)
        : this(metric.GetProperty("name").GetString()!, metric.TryGetProperty("unit", out var unit) ? unit.GetString()! : "", metric, new(resource))
    {
    }

    /// <param name="type">sum, gauge or histogram.</param>
    public IReadOnlyList<JsonElement> Points(string type) => [.. Data.GetProperty(type).GetProperty("dataPoints").EnumerateArray()];
}

/// <summary>Attributes by key, as text.</summary>
public sealed class OtlpAttributes
{
    readonly Dictionary<string, string> _values = [];

    public OtlpAttributes(JsonElement of)
    {
        foreach (var attribute in of.TryGetProperty("attributes", out var all) ? [.. all.EnumerateArray()] : Array.Empty<JsonElement>())
            _values[attribute.GetProperty("key").GetString()!] = attribute.GetProperty("value").EnumerateObject().First().Value.ToString();
    }

    /// <summary>Empty when it is not there.</summary>
    public string this[string key] => _values.GetValueOrDefault(key, "");
}
