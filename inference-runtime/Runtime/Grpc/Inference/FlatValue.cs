using Sluice.Onnx;
using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>
/// A value that is no tensor, made one by the rules of V2 over REST
/// (<see cref="Protocols.FlatTensor"/>): maps with the same keys are a tensor [rows, keys] with the parameter
/// keys, a JSON list; an absent optional has shape [0] and the parameter absent; anything else is BYTES [items] of JSON
/// texts with the parameter content_type.
/// </summary>
internal sealed class FlatValue
{
    private readonly JsonBuffer parameters = new();

    private FlatValue(ElementType type, long[] shape) => (ElementType, Shape) = (type, shape);

    public ElementType ElementType { get; }

    public long[] Shape { get; }

    public long Count => TensorShape.ElementCount(Shape);

    public byte[] Bytes { get; private set; } = [];

    public byte[][] Strings { get; private set; } = [];

    /// <summary>Entries of InferOutputTensor.parameters with their tags.</summary>
    public ReadOnlySpan<byte> Parameters => parameters.Written;

    public static FlatValue Of(Port port, OnnxValue value) => value.Kind switch
    {
        ValueKind.Map => Maps([value], one: true),
        ValueKind.Sequence => Sequence(value),
        _ => Absent(port),
    };

    private static FlatValue Absent(Port port)
    {
        var flat = new FlatValue(Datatypes.Find(System.Text.Encoding.UTF8.GetBytes(port.Datatype)) ?? ElementType.String, [0]);
        var writer = new ProtoWriter(flat.parameters);
        ParameterEntry.WriteTrue(ref writer, InferFields.TensorParameters, "absent"u8);
        writer.Flush();
        return flat;
    }

    private static FlatValue Sequence(OnnxValue sequence)
    {
        var items = new List<OnnxValue>((int)sequence.Count);
        try
        {
            for (var i = 0; i < sequence.Count; i++)
                items.Add(sequence.Item(i));
            return items.Count > 0 && items.TrueForAll(i => i.Kind == ValueKind.Map) && SameKeys(items)
                ? Maps(items, one: false)
                : Texts(items);
        }
        finally
        {
            items.ForEach(i => i.Dispose());
        }
    }

    private static FlatValue Maps(List<OnnxValue> maps, bool one)
    {
        FlatValue flat;
        using (var keys = maps[0].Keys())
        {
            using var values = maps[0].Values();
            flat = new FlatValue(values.ElementType, one ? [keys.Count] : [maps.Count, keys.Count]);
            flat.Parameter("keys"u8, KeyList(keys).Written);
        }
        flat.Fill(maps);
        return flat;
    }

    private static FlatValue Texts(List<OnnxValue> items)
    {
        var flat = new FlatValue(ElementType.String, [items.Count]);
        flat.Parameter("content_type"u8, "application/json"u8);
        flat.Strings = new byte[items.Count][];
        for (var i = 0; i < items.Count; i++)
        {
            var text = new JsonBuffer();
            TensorJsonWriter.Value(text, items[i]);
            flat.Strings[i] = text.Written.ToArray();
        }
        return flat;
    }

    private static bool SameKeys(List<OnnxValue> maps)
    {
        using var first = maps[0].Keys();
        var wanted = KeyList(first);
        foreach (var map in maps)
        {
            using var keys = map.Keys();
            if (!KeyList(keys).Written.SequenceEqual(wanted.Written))
                return false;
        }
        return true;
    }

    private static JsonBuffer KeyList(OnnxValue keys)
    {
        var list = new JsonBuffer();
        list.Byte((byte)'[');
        TensorJsonWriter.Elements(list, keys, 0, keys.Count);
        list.Byte((byte)']');
        return list;
    }

    private void Parameter(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
    {
        var writer = new ProtoWriter(parameters);
        ParameterEntry.Write(ref writer, InferFields.TensorParameters, key, text);
        writer.Flush();
    }

    private unsafe void Fill(List<OnnxValue> maps)
    {
        if (ElementType == ElementType.String)
            Strings = new byte[Count][];
        else
            Bytes = new byte[ElementType.ByteCount(Count)];
        var at = 0;
        foreach (var map in maps)
        {
            using var values = map.Values();
            if (ElementType == ElementType.String)
            {
                for (long i = 0; i < values.Count; i++)
                    Strings[at++] = values.StringAt(i).ToArray();
                continue;
            }
            var row = new ReadOnlySpan<byte>(values.Data, (int)values.ByteLength);
            row.CopyTo(Bytes.AsSpan(at));
            at += row.Length;
        }
    }
}
