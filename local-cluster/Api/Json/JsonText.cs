using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Api.Json;

/// <summary>
/// JSON text to trees and back. Trees are built at once rather than lazily, because stored objects are read by many
/// requests at the same time, and because duplicate members have to be reported.
/// </summary>
internal static class JsonText
{
    const int MaxDepth = 200;

    static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <param name="utf8">One JSON value.</param>
    /// <param name="duplicates">Collects the paths of members that occur twice; the last one wins.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, ICollection<string>? duplicates = null)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read())
            throw new JsonException("unexpected end of JSON input");
        var node = Value(ref reader, "", duplicates);
        if (reader.Read())
            throw new JsonException("text after the JSON value");
        return node;
    }

    public static JsonObject ParseObject(ReadOnlySpan<byte> utf8, ICollection<string>? duplicates = null) =>
        Parse(utf8, duplicates) as JsonObject ?? throw new JsonException("the JSON value is not an object");

    public static JsonNode? Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    public static byte[] Write(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            if (node is null)
                writer.WriteNullValue();
            else
                node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static string Show(JsonNode? node) => Encoding.UTF8.GetString(Write(node));

    static JsonNode? Value(ref Utf8JsonReader reader, string path, ICollection<string>? duplicates) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Members(ref reader, path, duplicates),
        JsonTokenType.StartArray => Items(ref reader, path, duplicates),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        JsonTokenType.Number => Number(ref reader),
        _ => null,
    };

    static JsonValue Number(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var integer))
            return JsonValue.Create(integer);
        return reader.TryGetDouble(out var real) && double.IsFinite(real)
            ? JsonValue.Create(real)
            : throw new JsonException($"number out of range: {Encoding.UTF8.GetString(reader.ValueSpan)}");
    }

    static JsonObject Members(ref Utf8JsonReader reader, string path, ICollection<string>? duplicates)
    {
        var members = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var at = path.Length == 0 ? name : $"{path}.{name}";
            reader.Read();
            if (duplicates is not null && members.ContainsKey(name))
                duplicates.Add(at);
            members[name] = Value(ref reader, at, duplicates);
        }

        return members;
    }

    static JsonArray Items(ref Utf8JsonReader reader, string path, ICollection<string>? duplicates)
    {
        var items = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var at = duplicates is null ? path : string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]");
            items.Add(Value(ref reader, at, duplicates));
        }

        return items;
    }
}
