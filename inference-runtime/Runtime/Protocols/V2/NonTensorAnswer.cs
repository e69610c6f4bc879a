using System.Text;
using Sluice.Onnx;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>
/// V2 knows tensors only, so other values become tensors:
/// a list of maps with the same keys, as classifiers give, is a tensor [rows, keys] with parameters.keys, a JSON list;
/// a map is the one row [keys] of such; an absent optional has shape [0] and parameters.absent;
/// anything else is BYTES [items] whose elements are JSON texts, with parameters.content_type application/json.
/// </summary>
internal static class NonTensorAnswer
{
    public static void Write(JsonBuffer json, Port port, OnnxValue value)
    {
        if (value.Kind == ValueKind.Map)
            Maps(json, port, [value], [MapSize(value)]);
        else if (value.Kind == ValueKind.Sequence)
            Sequence(json, port, value);
        else
            Absent(json, port);
    }

    private static void Absent(JsonBuffer json, Port port)
    {
        InferAnswer.Head(json, port, port.Datatype, [0]);
        json.Raw(",\"parameters\":{\"absent\":true},\"data\":[]}"u8);
    }

    private static void Sequence(JsonBuffer json, Port port, OnnxValue sequence)
    {
        var items = new List<OnnxValue>((int)sequence.Count);
        try
        {
            for (var i = 0; i < sequence.Count; i++)
                items.Add(sequence.Item(i));
            if (items.Count > 0 && items.TrueForAll(i => i.Kind == ValueKind.Map) && SameKeys(items))
                Maps(json, port, items, [items.Count, MapSize(items[0])]);
            else
                Texts(json, port, items);
        }
        finally
        {
            items.ForEach(i => i.Dispose());
        }
    }

    private static void Maps(JsonBuffer json, Port port, List<OnnxValue> maps, ReadOnlySpan<long> shape)
    {
        using (var keys = maps[0].Keys())
        {
            using var values = maps[0].Values();
            InferAnswer.Head(json, port, Datatypes.Name(values.ElementType), shape);
            var list = new JsonBuffer();
            list.Byte((byte)'[');
            TensorJsonWriter.Elements(list, keys, 0, keys.Count);
            list.Byte((byte)']');
            json.Raw(",\"parameters\":{\"keys\":"u8);
            json.String(list.Written);
        }
        json.Raw("},\"data\":["u8);
        for (var i = 0; i < maps.Count; i++)
        {
            using var values = maps[i].Values();
            if (i > 0 && values.Count > 0)
                json.Byte((byte)',');
            TensorJsonWriter.Elements(json, values, 0, values.Count);
        }
        json.Raw("]}"u8);
    }

    private static void Texts(JsonBuffer json, Port port, List<OnnxValue> items)
    {
        InferAnswer.Head(json, port, Datatypes.Name(ElementType.String), [items.Count]);
        json.Raw(",\"parameters\":{\"content_type\":\"application/json\"},\"data\":["u8);
        var text = new JsonBuffer();
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            text.Clear();
            TensorJsonWriter.Value(text, items[i]);
            json.String(text.Written);
        }
        json.Raw("]}"u8);
    }

    private static bool SameKeys(List<OnnxValue> maps)
    {
        var first = KeyText(maps[0]);
        return maps.TrueForAll(m => KeyText(m) == first);
    }

    private static string KeyText(OnnxValue map)
    {
        using var keys = map.Keys();
        var text = new JsonBuffer();
        TensorJsonWriter.Elements(text, keys, 0, keys.Count);
        return Encoding.UTF8.GetString(text.Written);
    }

    private static long MapSize(OnnxValue map)
    {
        using var keys = map.Keys();
        return keys.Count;
    }
}
