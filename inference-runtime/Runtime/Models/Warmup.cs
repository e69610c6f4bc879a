using Sluice.Onnx;

namespace Sluice.Runtime.Models;

/// <summary>The first inference: it pages the weights in, sizes the arena and shows that the model works.</summary>
internal static class Warmup
{
    /// <summary>Tried for the dimensions that vary: many models want a batch of 1, some a sequence or an image.</summary>
    private static readonly long[] Sizes = [1, 2, 4, 8, 16, 32, 64, 128, 224];

    /// <summary>Beyond this many elements an invented input says nothing any more.</summary>
    private const long MaxElements = 1 << 26;

    /// <returns>Null when an inference succeeded, else what ONNX Runtime said to the first one.</returns>
    public static string? Run(OnnxSession session)
    {
        if (session.Inputs.Any(v => v.Type is not TensorType))
            return "it takes sequences, maps or optionals, for which no input can be invented";
        string? first = null;
        foreach (var size in Sizes)
        {
            using var frame = session.NewFrame();
            if (!Fill(session, frame, size))
                break;
            try
            {
                // The second pass runs with the memory pattern of the first.
                frame.Run();
                frame.Run();
                return null;
            }
            catch (OnnxException e)
            {
                first ??= e.Message;
            }
            if (session.Inputs.All(v => v.Type is TensorType { Shape: { } s } && s.All(d => d.IsFixed)))
                break;
        }
        return first ?? "its inputs are too large to invent";
    }

    private static bool Fill(OnnxSession session, RunFrame frame, long size)
    {
        for (var i = 0; i < session.Inputs.Length; i++)
        {
            var slot = frame.Inputs[i];
            // The first varying dimension is the batch in nearly all models, and one row is enough.
            var shape = slot.Tensor!.Shape is { } declared
                ? declared.Select((d, at) => d.IsFixed ? d.Size : at == 0 ? 1 : size).ToArray()
                : [1];
            var count = TensorShape.ElementCount(shape);
            if (count > MaxElements)
                return false;
            slot.Start();
            FillOne(slot, count);
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
}
