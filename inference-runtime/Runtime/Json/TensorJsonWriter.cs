using Sluice.Onnx;

namespace Sluice.Runtime.Json;

/// <summary>Writes elements of values that a model answered.</summary>
internal static class TensorJsonWriter
{
    /// <summary>Elements from..from+count, separated by commas.</summary>
    public static unsafe void Elements(JsonBuffer json, OnnxValue tensor, long from, long count)
    {
        for (var i = from; i < from + count; i++)
        {
            if (i > from)
                json.Byte((byte)',');
            Element(json, tensor, i);
        }
    }

    public static unsafe void Element(JsonBuffer json, OnnxValue tensor, long index)
    {
        if (tensor.ElementType == ElementType.String)
            json.String(tensor.StringAt(index));
        else
            Element(json, tensor.ElementType, tensor.Data, index);
    }

    /// <summary>An element of packed memory; not for strings.</summary>
    public static unsafe void Element(JsonBuffer json, ElementType type, byte* data, long index)
    {
        switch (type)
        {
            case ElementType.Float: json.Number(((float*)data)[index]); break;
            case ElementType.Double: json.Number(((double*)data)[index]); break;
            case ElementType.Int64: json.Number(((long*)data)[index]); break;
            case ElementType.Int32: json.Number(((int*)data)[index]); break;
            case ElementType.Int16: json.Number(((short*)data)[index]); break;
            case ElementType.Int8: json.Number(((sbyte*)data)[index]); break;
            case ElementType.UInt64: json.Number(((ulong*)data)[index]); break;
            case ElementType.UInt32: json.Number((ulong)((uint*)data)[index]); break;
            case ElementType.UInt16: json.Number((ulong)((ushort*)data)[index]); break;
            case ElementType.UInt8: json.Number((ulong)data[index]); break;
            case ElementType.Bool: json.Bool(data[index] != 0); break;
            default: throw new NotSupportedException($"{type} has no form in JSON.");
        }
    }

    /// <summary>A tensor, or a part of it, as nested lists; a scalar as itself.</summary>
    /// <param name="shape">The dimensions of the part.</param>
    /// <param name="from">Index of the part's first element.</param>
    /// <returns>Index after the part's last element.</returns>
    public static long Nested(JsonBuffer json, OnnxValue tensor, ReadOnlySpan<long> shape, long from)
    {
        if (shape.Length == 0)
        {
            Element(json, tensor, from);
            return from + 1;
        }
        json.Byte((byte)'[');
        if (shape.Length == 1)
        {
            Elements(json, tensor, from, shape[0]);
            from += shape[0];
        }
        else
        {
            for (long i = 0; i < shape[0]; i++)
            {
                if (i > 0)
                    json.Byte((byte)',');
                from = Nested(json, tensor, shape[1..], from);
            }
        }
        json.Byte((byte)']');
        return from;
    }

    /// <summary>Any value: tensors nested, sequences as lists, maps as objects, an absent optional as null.</summary>
    public static void Value(JsonBuffer json, OnnxValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Tensor:
                Nested(json, value, value.Shape, 0);
                break;
            case ValueKind.Sequence:
                json.Byte((byte)'[');
                for (var i = 0; i < value.Count; i++)
                {
                    if (i > 0)
                        json.Byte((byte)',');
                    using var item = value.Item(i);
                    Value(json, item);
                }
                json.Byte((byte)']');
                break;
            case ValueKind.Map:
                Map(json, value);
                break;
            default:
                json.Raw("null"u8);
                break;
        }
    }

    private static void Map(JsonBuffer json, OnnxValue map)
    {
        using var keys = map.Keys();
        using var values = map.Values();
        json.Byte((byte)'{');
        for (long i = 0; i < keys.Count; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            Key(json, keys, i);
            json.Byte((byte)':');
            Element(json, values, i);
        }
        json.Byte((byte)'}');
    }

    private static void Key(JsonBuffer json, OnnxValue keys, long index)
    {
        if (keys.ElementType == ElementType.String)
        {
            json.String(keys.StringAt(index));
            return;
        }
        json.Byte((byte)'"');
        Element(json, keys, index);
        json.Byte((byte)'"');
    }
}
