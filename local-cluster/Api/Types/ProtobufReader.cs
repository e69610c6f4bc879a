using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Types;

/// <summary>
/// Reads the protobuf form of a built-in object, which kubectl and helm send from their typed clients, into JSON. Answers
/// are always JSON: those clients accept both. Kubernetes prefixes a message with <c>k8s\0</c> and wraps it in
/// <c>runtime.Unknown</c> (1: type, 2: raw).
/// </summary>
internal static class ProtobufReader
{
    static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <exception cref="InvalidDataException">Not such a message.</exception>
    public static (string ApiVersion, string Kind, ReadOnlyMemory<byte> Raw) Envelope(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.StartsWith(Magic))
            throw new InvalidDataException("the body is not a Kubernetes protobuf message: it does not start with k8s\\0");
        var (apiVersion, kind) = ("", "");
        ReadOnlyMemory<byte> raw = default;
        var rest = body[4..];
        while (Next(ref rest, out var number, out var value))
        {
            if (number == 2)
                raw = value.Bytes;
            if (number != 1)
                continue;
            var meta = value.Bytes;
            while (Next(ref meta, out var field, out var text))
            {
                if (field == 1)
                    apiVersion = Text(text.Bytes);
                else if (field == 2)
                    kind = Text(text.Bytes);
            }
        }

        return (apiVersion, kind, raw);
    }

    public static JsonObject Message(ObjectType type, ReadOnlyMemory<byte> bytes)
    {
        var result = new JsonObject();
        Fill(result, type, bytes);
        return result;
    }

    static void Fill(JsonObject result, ObjectType type, ReadOnlyMemory<byte> bytes)
    {
        while (Next(ref bytes, out var number, out var value))
        {
            var field = type.Declared.FirstOrDefault(declared => declared.Number == number);
            if (field is null)
                continue;
            if (field.Inline)
                Fill(result, field.Type.Object!, value.Bytes);
            else if (field.Type.Shape == Shape.List)
                ((JsonArray)(result[field.Name] ??= new JsonArray())).Add(Value(field.Type.Element!, value));
            else if (field.Type.Shape == Shape.Map)
                Entry(result.Ensure(field.Name), field.Type.Element!, value.Bytes);
            else
                result[field.Name] = Value(field.Type, value);
        }
    }

    static void Entry(JsonObject map, ValueType element, ReadOnlyMemory<byte> bytes)
    {
        var name = "";
        JsonNode? content = null;
        while (Next(ref bytes, out var number, out var value))
        {
            if (number == 1)
                name = Text(value.Bytes);
            else if (number == 2)
                content = Value(element, value);
        }

        map[name] = content;
    }

    static JsonNode? Value(ValueType type, Wire value) => type.Shape switch
    {
        Shape.String => Text(value.Bytes),
        Shape.Bytes => Convert.ToBase64String(value.Bytes.Span),
        Shape.Bool => value.Number != 0,
        Shape.Int32 => (long)(int)value.Number,
        Shape.Int64 => (long)value.Number,
        Shape.Number => BitConverter.UInt64BitsToDouble(value.Number),
        Shape.Quantity => InnerText(value.Bytes),
        Shape.IntOrString => IntOrString(value.Bytes),
        Shape.Time => Time(value.Bytes, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        Shape.MicroTime => Time(value.Bytes, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        Shape.Object => Message(type.Object!, value.Bytes),
        _ => Inner(value.Bytes) is { Length: > 0 } json ? JsonText.Parse(json.Span) : null,
    };

    static JsonNode IntOrString(ReadOnlyMemory<byte> bytes)
    {
        var (isText, number, text) = (false, 0L, "");
        while (Next(ref bytes, out var field, out var value))
        {
            if (field == 1)
                isText = value.Number == 1;
            else if (field == 2)
                number = (int)value.Number;
            else if (field == 3)
                text = Text(value.Bytes);
        }

        return isText ? text : number;
    }

    static JsonNode? Time(ReadOnlyMemory<byte> bytes, string format)
    {
        if (bytes.IsEmpty)
            return null;
        var (seconds, nanos) = (0L, 0L);
        while (Next(ref bytes, out var field, out var value))
        {
            if (field == 1)
                seconds = (long)value.Number;
            else if (field == 2)
                nanos = (int)value.Number;
        }

        // Go's zero time stands for "not set".
        return seconds <= -62135596800
            ? null
            : DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100).UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
    }

    static string InnerText(ReadOnlyMemory<byte> bytes) => Text(Inner(bytes));

    static ReadOnlyMemory<byte> Inner(ReadOnlyMemory<byte> bytes)
    {
        while (Next(ref bytes, out var field, out var value))
        {
            if (field == 1)
                return value.Bytes;
        }

        return default;
    }

    static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    readonly record struct Wire(ulong Number, ReadOnlyMemory<byte> Bytes);

    static bool Next(ref ReadOnlyMemory<byte> bytes, out int field, out Wire value)
    {
        (field, value) = (0, default);
        if (bytes.IsEmpty)
            return false;
        var tag = Varint(ref bytes);
        field = (int)(tag >> 3);
        value = (tag & 7) switch
        {
            0 => new Wire(Varint(ref bytes), default),
            1 => new Wire(BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8).Span), default),
            2 => new Wire(0, Take(ref bytes, (int)Varint(ref bytes))),
            5 => new Wire(BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4).Span), default),
            var other => throw new InvalidDataException($"protobuf wire type {other} is not known"),
        };
        return true;
    }

    static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, int count)
    {
        if (count < 0 || count > bytes.Length)
            throw new InvalidDataException("the protobuf message is cut off");
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }

    static ulong Varint(ref ReadOnlyMemory<byte> bytes)
    {
        var result = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(ref bytes, 1).Span[0];
            result |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return result;
        }

        throw new InvalidDataException("a protobuf number is too long");
    }
}
