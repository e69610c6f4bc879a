using Sluice.Onnx;

namespace Sluice.Runtime.Models;

/// <summary>What warming a model up came to.</summary>
/// <param name="Sides">Size of the varying dimensions, but for the first, with which it ran; null when it did not.</param>
/// <param name="Failure">What ONNX Runtime said to the first inference, when none succeeded.</param>
internal readonly record struct WarmedUp(long? Sides, string? Failure);

/// <summary>The first inference: it pages the weights in, sizes the arena and shows that the model works.</summary>
internal static class Warmup
{
    /// <summary>Tried for the dimensions that vary: many models want a batch of 1, some a sequence or an image.</summary>
    private static readonly long[] Sizes = [1, 2, 4, 8, 16, 32, 64, 128, 224];

    public static WarmedUp Run(OnnxSession session)
    {
        if (session.Inputs.Any(v => v.Type is not TensorType))
            return new WarmedUp(null, "it takes sequences, maps or optionals, for which no input can be invented");
        string? first = null;
        foreach (var size in Sizes)
        {
            using var frame = session.NewFrame();
            if (!InventedRows.Fill(session, frame, size, rows: 1))
                break;
            try
            {
                // The second pass runs with the memory pattern of the first.
                frame.Run();
                frame.Run();
                return new WarmedUp(size, null);
            }
            catch (OnnxException e)
            {
                first ??= e.Message;
            }
            if (session.Inputs.All(v => v.Type is TensorType { Shape: { } s } && s.All(d => d.IsFixed)))
                break;
        }
        return new WarmedUp(null, first ?? "its inputs are too large to invent");
    }
}
