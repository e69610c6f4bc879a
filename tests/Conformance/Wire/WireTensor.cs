using System.Text;
using System.Text.Json;
using Sluice.Conformance.Values;
using Sluice.Onnx;

namespace Sluice.Conformance.Wire;

/// <summary>A tensor of the protocol. V2 has no other values, so what is none travels as a tensor with parameters.</summary>
/// <param name="IsJson">Its elements are JSON texts (parameters.content_type).</param>
/// <param name="IsAbsent">It stands for an optional without a value (parameters.absent).</param>
sealed record WireTensor(string Name, Tensor Tensor, bool IsJson = false, bool IsAbsent = false)
{
    /// <summary>A sequence becomes a list of JSON texts, one for each item; an absent optional an empty tensor.</summary>
    public static WireTensor From(string name, Value value, OnnxType type) => value switch
    {
        Tensor tensor => new WireTensor(name, tensor),
        Sequence sequence => new WireTensor(
            name, Tensor.Texts([sequence.Items.Count], [.. sequence.Items.Select(Text)]), IsJson: true),
        _ => new WireTensor(name, Tensor.Numbers(ElementOf(type), [0], []), IsAbsent: true),
    };

    /// <summary>The value that the model gave, with <paramref name="declared"/> to tell which kind it is.</summary>
    public Value ToValue(OnnxType declared) => declared switch
    {
        OptionalType when IsAbsent => new Absent(),
        OptionalType optional => ToValue(optional.Contained),
        SequenceType sequence when IsJson => new Sequence(
        [
            .. Tensor.Strings.Select(text =>
            {
                using var document = JsonDocument.Parse(text);
                return Item(document.RootElement, sequence.Element);
            }),
        ]),
        _ => Tensor,
    };

    static Value Item(JsonElement json, OnnxType type) => type switch
    {
        _ when json.ValueKind == JsonValueKind.Null => new Absent(),
        OptionalType optional => Item(json, optional.Contained),
        SequenceType sequence => new Sequence([.. json.EnumerateArray().Select(i => Item(i, sequence.Element))]),
        _ => TensorJson.Read(json, ElementOf(type)),
    };

    static byte[] Text(Value value)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            Write(json, value);
        return stream.ToArray();
    }

    static void Write(Utf8JsonWriter json, Value value)
    {
        if (value is Tensor tensor)
        {
            TensorJson.WriteNested(json, tensor);
        }
        else if (value is Sequence sequence)
        {
            json.WriteStartArray();
            foreach (var item in sequence.Items)
                Write(json, item);
            json.WriteEndArray();
        }
        else
        {
            json.WriteNullValue();
        }
    }

    static ElementType ElementOf(OnnxType type) => type switch
    {
        TensorType tensor => tensor.Element,
        SequenceType sequence => ElementOf(sequence.Element),
        OptionalType optional => ElementOf(optional.Contained),
        _ => ElementType.Float,
    };

    public override string ToString() => $"{Name} {Tensor}{(IsJson ? " of " + string.Join(" ", Tensor.Strings.Select(Encoding.UTF8.GetString)) : "")}";
}
