using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Sluice.Runtime.Payloads;

/// <summary>Writes events in CloudEvents' JSON format, 1.0.</summary>
internal static class CloudEventJson
{
    public static string Source(PayloadEvent of) => $"/v1/models/{Uri.EscapeDataString(of.Model)}";

    public static string Time(PayloadEvent of) => of.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>One line, without its end.</summary>
    public static void Write(PayloadEvent of, IBufferWriter<byte> to)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteString("specversion", "1.0");
        json.WriteString("id", of.Id);
        json.WriteString("type", of.Type);
        json.WriteString("source", Source(of));
        json.WriteString("time", Time(of));
        json.WriteString("inferenceservicename", of.Model);
        json.WriteString("component", "predictor");
        if (of.Revision.Length > 0)
            json.WriteString("endpoint", of.Revision);
        if (of.Status is { } status)
            json.WriteNumber("status", status);
        if (of.Metadata is { } metadata)
            json.WriteString("metadata", metadata);
        json.WriteString("datacontenttype", of.ContentType);
        if (IsJson(of))
        {
            json.WritePropertyName("data");
            json.WriteRawValue(of.Data.Span);
        }
        else
        {
            json.WriteBase64String("data_base64", of.Data.Span);
        }
        json.WriteEndObject();
    }

    /// <summary>The data itself, not what its sender called it.</summary>
    private static bool IsJson(PayloadEvent of)
    {
        try
        {
            var reader = new Utf8JsonReader(of.Data.Span);
            reader.Read();
            reader.Skip();
            // Several lines would break the line that the event is.
            return !reader.Read() && !of.Data.Span.ContainsAny((byte)'\n', (byte)'\r');
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
