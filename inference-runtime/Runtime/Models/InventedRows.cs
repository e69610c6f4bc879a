using Sluice.Onnx;

namespace Sluice.Runtime.Models;

/// <summary>Inputs that nobody sent, to try a model with.</summary>
internal static class InventedRows
{
    /// <summary>Beyond this many elements an invented input says nothing any more.</summary>
    private const long MaxElements = 1 << 26;

    /// <param name="session">Takes tensors only.</param>
    /// <param name="frame">Gets the inputs.</param>
    /// <param name="sides">Size of the dimensions that vary, but for the first: the batch in nearly all models.</param>
    /// <param name="rows">Size of the first dimension where it varies.</param>
    /// <param name="random">Makes numbers; without it all rows are the same.</param>
    /// <param name="magnitude">Of those that are fractions.</param>
    /// <returns>False when they would be too large.</returns>
    public static bool Fill(OnnxSession session, RunFrame frame, long sides, long rows, Random? random = null, float magnitude = 1)
    {
        for (var i = 0; i < session.Inputs.Length; i++)
        {
            var slot = frame.Inputs[i];
            var shape = slot.Tensor!.Shape is { } declared
                ? declared.Select((d, at) => d.IsFixed ? d.Size : at == 0 ? rows : sides).ToArray()
                : [1];
            var count = TensorShape.ElementCount(shape);
            if (count > MaxElements)
                return false;
            slot.Start();
            FillOne(slot, count);
            if (random is not null)
                Vary(slot, random, magnitude);
            slot.SetShape(shape);
        }
        return true;
    }

    private static unsafe void FillOne(InputSlot slot, long count)
    {
        if (slot.ElementType == ElementType.String)
        {
            for (long i = 0; i < count; i++)
                slot.AppendString("a"u8);
            return;
        }
        var bytes = slot.ElementType.ByteCount(count);
        new Span<byte>(slot.Raw(bytes, count), checked((int)bytes)).Clear();
        if (slot.ElementType is ElementType.Int64)
            new Span<long>(slot.Raw(bytes, count), (int)count).Fill(1);
        else if (slot.ElementType is ElementType.Float)
            new Span<float>(slot.Raw(bytes, count), (int)count).Fill(0.5f);
    }

    /// <summary>Small numbers, since whole ones are often places in a table.</summary>
    private static unsafe void Vary(InputSlot slot, Random random, float magnitude)
    {
        for (var i = 0; i < slot.Count; i++)
        {
            switch (slot.ElementType)
            {
                case ElementType.Float:
                    ((float*)slot.RawMemory)[i] = magnitude * random.NextSingle();
                    break;
                case ElementType.Double:
                    ((double*)slot.RawMemory)[i] = magnitude * random.NextDouble();
                    break;
                case ElementType.Float16:
                    ((Half*)slot.RawMemory)[i] = (Half)(magnitude * random.NextSingle());
                    break;
                case ElementType.Int64:
                    ((long*)slot.RawMemory)[i] = random.Next(2);
                    break;
                case ElementType.Int32:
                    ((int*)slot.RawMemory)[i] = random.Next(2);
                    break;
                case ElementType.Bool or ElementType.Int8 or ElementType.UInt8:
                    slot.RawMemory[i] = (byte)random.Next(2);
                    break;
            }
        }
    }
}
