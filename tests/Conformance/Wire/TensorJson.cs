using System.Text;
using System.Text.Json;
using Sluice.Conformance.Values;
using Sluice.Onnx;

namespace Sluice.Conformance.Wire;

/// <summary>Elements in JSON. NaN and the infinities are the strings "NaN", "Infinity" and "-Infinity".</summary>
static class TensorJson
{
    public static void WriteFlat(Utf8JsonWriter json, Tensor tensor)
    {
        json.WriteStartArray();
        for (long i = 0; i < tensor.Held; i++)
            WriteElement(json, tensor, i);
        json.WriteEndArray();
    }

    /// <summary>Lists in lists; a scalar as itself.</summary>
    public static void WriteNested(Utf8JsonWriter json, Tensor tensor)
    {
        long next = 0;
        WriteLevel(json, tensor, 0, ref next);
    }

    /// <param name="data">Flat or nested.</param>
    /// <param name="shape">Null takes the shape from the nesting.</param>
    public static Tensor Read(JsonElement data, ElementType type, long[]? shape = null)
    {
        var nesting = new List<long>();
        for (var level = data; level.ValueKind == JsonValueKind.Array; level = level[0])
        {
            nesting.Add(level.GetArrayLength());
            if (level.GetArrayLength() == 0)
                break;
        }
        var bytes = new List<byte>();
        var strings = new List<byte[]>();
        ReadLevel(data, type, bytes, strings);
        return new Tensor(type, shape ?? [.. nesting], [.. bytes], [.. strings]);
    }

    static void WriteLevel(Utf8JsonWriter json, Tensor tensor, int level, ref long next)
    {
        if (level == tensor.Shape.Length)
        {
            WriteElement(json, tensor, next++);
            return;
        }
        json.WriteStartArray();
        for (long i = 0; i < tensor.Shape[level]; i++)
            WriteLevel(json, tensor, level + 1, ref next);
        json.WriteEndArray();
    }

    static void WriteElement(Utf8JsonWriter json, Tensor tensor, long index)
    {
        if (tensor.Type == ElementType.String)
            json.WriteStringValue(tensor.Strings[index]);
        else if (tensor.Type == ElementType.Bool)
            json.WriteBooleanValue(Elements.Whole(tensor, index) != 0);
        else if (!Elements.IsFloating(tensor.Type))
            json.WriteRawValue(Elements.Show(tensor, index));
        else
            WriteFloating(json, tensor, index);
    }

    static void WriteFloating(Utf8JsonWriter json, Tensor tensor, long index)
    {
        var value = Elements.Floating(tensor, index);
        if (double.IsNaN(value))
            json.WriteStringValue("NaN");
        else if (double.IsInfinity(value))
            json.WriteStringValue(value > 0 ? "Infinity" : "-Infinity");
        else if (tensor.Type == ElementType.Float)
            json.WriteNumberValue((float)value);
        else
            json.WriteNumberValue(value);
    }

    static void ReadLevel(JsonElement element, ElementType type, List<byte> bytes, List<byte[]> strings)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                ReadLevel(item, type, bytes, strings);
        }
        else if (type == ElementType.String)
        {
            strings.Add(Encoding.UTF8.GetBytes(element.GetString()!));
        }
        else if (type == ElementType.Bool)
        {
            bytes.Add(element.GetBoolean() ? (byte)1 : (byte)0);
        }
        else if (Elements.IsFloating(type))
        {
            Elements.Append(bytes, type, ReadFloating(element, type));
        }
        else
        {
            Elements.Append(bytes, type, Int128.Parse(element.GetRawText()));
        }
    }

    static double ReadFloating(JsonElement element, ElementType type) => element.ValueKind switch
    {
        JsonValueKind.Number when type == ElementType.Float => element.GetSingle(),
        JsonValueKind.Number => element.GetDouble(),
        _ => element.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var other => throw new InvalidDataException($"\"{other}\" stands for no number"),
        },
    };
}
