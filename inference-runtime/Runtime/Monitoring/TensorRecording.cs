using System.Collections.Immutable;
using Sluice.Monitoring.Recording;
using Sluice.Onnx;

namespace Sluice.Runtime.Monitoring;

/// <summary>Hands the columns of a tensor to their recorders.</summary>
internal static unsafe class TensorRecording
{
    public static bool CanRecord(ElementType type) => type is >= ElementType.Float and <= ElementType.UInt64 or ElementType.BFloat16;

    /// <param name="type">Of the elements; not strings.</param>
    /// <param name="data">Elements, row by row.</param>
    /// <param name="count">How many.</param>
    /// <param name="columns">For each column its place among the recorders.</param>
    /// <param name="recorders">Take the elements.</param>
    public static void Record(ElementType type, byte* data, int count, ImmutableArray<int> columns, FeatureRecorder[] recorders)
    {
        for (var column = 0; column < columns.Length; column++)
        {
            if (columns[column] is var place && place < 0)
                continue;
            // What nearly all features are, without a call for each value.
            if (type == ElementType.Float && recorders[place] is NumberRecorder numbers)
                Floats((float*)data, count, column, columns.Length, numbers);
            else
                Record(type, data, count, column, columns.Length, recorders[place]);
        }
    }

    private static void Floats(float* table, int count, int column, int columns, NumberRecorder recorder)
    {
        for (var i = column; i < count; i += columns)
            recorder.Add((double)table[i]);
    }

    /// <param name="type">Of the elements; not strings.</param>
    /// <param name="data">Elements, row by row.</param>
    /// <param name="count">How many.</param>
    /// <param name="column">Whose elements are taken.</param>
    /// <param name="columns">Elements per row.</param>
    /// <param name="recorder">Takes them.</param>
    public static void Record(ElementType type, byte* data, int count, int column, int columns, ValueSink recorder)
    {
        switch (type)
        {
            case ElementType.Float:
                recorder.Add(new ReadOnlySpan<float>(data, count), column, columns);
                break;
            case ElementType.Double:
                recorder.Add(new ReadOnlySpan<double>(data, count), column, columns);
                break;
            case ElementType.Int64:
                recorder.Add(new ReadOnlySpan<long>(data, count), column, columns);
                break;
            case ElementType.Int32:
                recorder.Add(new ReadOnlySpan<int>(data, count), column, columns);
                break;
            case ElementType.Int16:
                recorder.Add(new ReadOnlySpan<short>(data, count), column, columns);
                break;
            case ElementType.Int8:
                recorder.Add(new ReadOnlySpan<sbyte>(data, count), column, columns);
                break;
            case ElementType.UInt8:
                recorder.Add(new ReadOnlySpan<byte>(data, count), column, columns);
                break;
            case ElementType.UInt16:
                recorder.Add(new ReadOnlySpan<ushort>(data, count), column, columns);
                break;
            case ElementType.UInt32:
                recorder.Add(new ReadOnlySpan<uint>(data, count), column, columns);
                break;
            case ElementType.UInt64:
                recorder.Add(new ReadOnlySpan<ulong>(data, count), column, columns);
                break;
            case ElementType.Float16:
                recorder.Add(new ReadOnlySpan<Half>(data, count), column, columns);
                break;
            case ElementType.BFloat16:
                BFloats(new ReadOnlySpan<ushort>(data, count), column, columns, recorder);
                break;
            case ElementType.Bool:
                Bools(new ReadOnlySpan<byte>(data, count), column, columns, recorder);
                break;
        }
    }

    /// <summary>The upper half of a float.</summary>
    private static void BFloats(ReadOnlySpan<ushort> table, int column, int columns, ValueSink recorder)
    {
        for (var i = column; i < table.Length; i += columns)
            recorder.Add((double)BitConverter.UInt32BitsToSingle((uint)table[i] << 16));
    }

    private static void Bools(ReadOnlySpan<byte> table, int column, int columns, ValueSink recorder)
    {
        for (var i = column; i < table.Length; i += columns)
        {
            if (recorder is NumberRecorder)
                recorder.Add((long)table[i]);
            else
                recorder.Add(table[i] != 0 ? "true"u8 : "false"u8);
        }
    }
}
