using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;

namespace Sluice.Runtime.Payloads;

/// <summary>
/// Takes out of a body what is never logged: values with these names, the data of V2 tensors with these names, and, as
/// nobody can tell what they are, rows and columns without names and the words of errors, which may quote values.
/// </summary>
internal static class Redaction
{
    private static readonly FrozenSet<string> Nameless = FrozenSet.Create("instances", "inputs", "predictions", "outputs");

    /// <returns>Null when the body is no JSON, so that nothing can be taken out of it.</returns>
    public static ReadOnlyMemory<byte>? Of(ReadOnlyMemory<byte> body, FrozenSet<string> names)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var kept = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(kept))
                Write(document.RootElement, names, json);
            return kept.WrittenMemory;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Write(JsonElement value, FrozenSet<string> names, Utf8JsonWriter json)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                var isTensor = value.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && names.Contains(name.GetString()!);
                foreach (var property in value.EnumerateObject())
                {
                    if (names.Contains(property.Name) || property.NameEquals("error") || (isTensor && property.NameEquals("data")))
                        continue;
                    json.WritePropertyName(property.Name);
                    if (Nameless.Contains(property.Name))
                        WriteNamed(property.Value, names, json);
                    else
                        Write(property.Value, names, json);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(item, names, json);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    /// <summary>Of a list of rows or tensors: those that name their values.</summary>
    private static void WriteNamed(JsonElement value, FrozenSet<string> names, Utf8JsonWriter json)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            if (value.ValueKind == JsonValueKind.Object)
                Write(value, names, json);
            else
                json.WriteNullValue();
            return;
        }
        json.WriteStartArray();
        foreach (var item in value.EnumerateArray().Where(static i => i.ValueKind == JsonValueKind.Object))
            Write(item, names, json);
        json.WriteEndArray();
    }
}
