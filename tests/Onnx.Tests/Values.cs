using System.Text;
using System.Text.Json;

namespace Sluice.Onnx.Tests;

/// <summary>Elements of any type, for tests.</summary>
internal static unsafe class Values
{
    public static double Number(OnnxValue value, long index) => value.ElementType switch
    {
        ElementType.Float => ((float*)value.Data)[index],
        ElementType.Double => ((double*)value.Data)[index],
        ElementType.Float16 => (double)((Half*)value.Data)[index],
        ElementType.Int64 => ((long*)value.Data)[index],
        ElementType.Int32 => ((int*)value.Data)[index],
        ElementType.Int16 => ((short*)value.Data)[index],
        ElementType.Int8 => ((sbyte*)value.Data)[index],
        ElementType.UInt64 => ((ulong*)value.Data)[index],
        ElementType.UInt32 => ((uint*)value.Data)[index],
        ElementType.UInt16 => ((ushort*)value.Data)[index],
        ElementType.UInt8 or ElementType.Bool => value.Data[index],
        _ => throw new NotSupportedException(value.ElementType.ToString()),
    };

    public static void Append(InputSlot slot, JsonElement element)
    {
        switch (slot.ElementType)
        {
            case ElementType.String: slot.AppendString(Encoding.UTF8.GetBytes(element.GetString()!)); break;
            case ElementType.Bool: slot.Append(element.GetBoolean()); break;
            case ElementType.Float: slot.Append(element.GetSingle()); break;
            case ElementType.Double: slot.Append(element.GetDouble()); break;
            case ElementType.Float16: slot.Append((Half)element.GetDouble()); break;
            case ElementType.Int64: slot.Append(element.GetInt64()); break;
            case ElementType.Int32: slot.Append(element.GetInt32()); break;
            case ElementType.Int16: slot.Append(element.GetInt16()); break;
            case ElementType.Int8: slot.Append(element.GetSByte()); break;
            case ElementType.UInt64: slot.Append(element.GetUInt64()); break;
            case ElementType.UInt32: slot.Append(element.GetUInt32()); break;
            case ElementType.UInt16: slot.Append(element.GetUInt16()); break;
            case ElementType.UInt8: slot.Append(element.GetByte()); break;
            default: throw new NotSupportedException(slot.ElementType.ToString());
        }
    }

    public static void Floats(InputSlot slot, long[] shape, params float[] data)
    {
        slot.Start();
        foreach (var value in data)
            slot.Append(value);
        slot.SetShape(shape);
    }

    public static float[] Floats(OnnxValue value) => new ReadOnlySpan<float>(value.Data, (int)value.Count).ToArray();
}
