using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Sluice.Onnx;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols;

/// <summary>
/// What V2 answers for a value that is no tensor, as it knows tensors only:
/// a list of maps with the same keys, as classifiers give, is a tensor [rows, keys] with the parameter "keys", a JSON list;
/// a map is [keys] with the same; an absent optional has shape [0] and the parameter "absent";
/// anything else is BYTES [items] whose elements are JSON texts, with the parameter "content_type" application/json.
/// </summary>
/// <param name="Raw">Elements in the layout of the binary tensor extension.</param>
/// <param name="Value">Of the parameter: a string or true.</param>
internal sealed record FlatTensor(ElementType Type, long[] Shape, byte[] Raw, string Parameter, object Value)
{
    /// <summary>Class names by position, for the classification extension.</summary>
    public IReadOnlyList<string>? Keys { get; private init; }

    /// <summary>Flattens an output whose kind is not <see cref="ValueKind.Tensor"/>.</summary>
    public static FlatTensor Of(Port port, OnnxValue value)
    {
        if (value.Kind == ValueKind.Map)
            return Maps([value], map: true);
        if (value.Kind != ValueKind.Sequence)
            return new FlatTensor(Datatypes.TypeOf(port.Datatype), [0], [], "absent", true);
        var items = new List<OnnxValue>((int)value.Count);
        try
        {
            for (var i = 0; i < value.Count; i++)
                items.Add(value.Item(i));
            return items.Count > 0 && items.TrueForAll(i => i.Kind == ValueKind.Map) && SameKeys(items)
                ? Maps(items, map: false)
                : Texts(items);
        }
        finally
        {
            items.ForEach(i => i.Dispose());
        }
    }

    private static unsafe FlatTensor Maps(List<OnnxValue> maps, bool map)
    {
        var raw = new ArrayBufferWriter<byte>();
        var type = ElementType.Undefined;
        foreach (var item in maps)
        {
            using var values = item.Values();
            type = values.ElementType;
            if (type == ElementType.String)
            {
                for (long i = 0; i < values.Count; i++)
                    Prefixed(raw, values.StringAt(i));
            }
            else
            {
                raw.Write(new ReadOnlySpan<byte>(values.Data, checked((int)values.ByteLength)));
            }
        }
        var list = KeyTexts(maps[0]);
        long[] shape = map ? [list.Count] : [maps.Count, list.Count];
        return new FlatTensor(type, shape, raw.WrittenSpan.ToArray(), "keys", $"[{string.Join(',', list)}]")
        {
            Keys = [.. list.Select(k => k.Trim('"'))],
        };
    }

    private static FlatTensor Texts(List<OnnxValue> items)
    {
        var raw = new ArrayBufferWriter<byte>();
        var json = new JsonBuffer();
        foreach (var item in items)
        {
            json.Clear();
            TensorJsonWriter.Value(json, item);
            Prefixed(raw, json.Written);
        }
        return new FlatTensor(ElementType.String, [items.Count], raw.WrittenSpan.ToArray(), "content_type", "application/json");
    }

    private static bool SameKeys(List<OnnxValue> maps)
    {
        var first = KeyTexts(maps[0]);
        return maps.TrueForAll(m => KeyTexts(m).SequenceEqual(first));
    }

    /// <summary>Each key as JSON.</summary>
    private static List<string> KeyTexts(OnnxValue map)
    {
        using var keys = map.Keys();
        var texts = new List<string>((int)keys.Count);
        var json = new JsonBuffer();
        for (long i = 0; i < keys.Count; i++)
        {
            json.Clear();
            TensorJsonWriter.Element(json, keys, i);
            texts.Add(Encoding.UTF8.GetString(json.Written));
        }
        return texts;
    }

    private static void Prefixed(ArrayBufferWriter<byte> raw, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(raw.GetSpan(sizeof(uint)), (uint)text.Length);
        raw.Advance(sizeof(uint));
        raw.Write(text);
    }
}
