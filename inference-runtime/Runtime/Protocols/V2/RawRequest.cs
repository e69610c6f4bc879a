using System.Buffers;
using System.IO.Pipelines;
using Sluice.Onnx;
using Sluice.Runtime.Http;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>
/// A raw binary request: the whole body is the one input's elements, and the shape follows from its size. All outputs
/// are answered as raw bytes.
/// </summary>
internal static class RawRequest
{
    public static async ValueTask ReadAsync(PipeReader reader, long bodyLength, ModelCall call)
    {
        call.BinaryByDefault = true;
        if (call.Model.Signature.RequiredCount != 1)
        {
            throw RequestException.Bad(
                $"A raw binary request needs a model with one input; \"{call.Model.Name}\" has {call.Model.Signature.RequiredCount}.");
        }
        var slot = call.Frame.Inputs[0];
        if (slot.Tensor is null)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" is {slot.Info.Type}, which a raw binary request cannot carry: send JSON.");
        slot.Start();
        if (slot.ElementType == ElementType.String)
        {
            await OneString(reader, slot);
            return;
        }
        slot.SetShape(ShapeOf(slot, bodyLength));
        await BinaryRequest.FillAsync(reader, slot, bodyLength);
        await BinaryRequest.ExpectEnd(reader);
    }

    private static async ValueTask OneString(PipeReader reader, InputSlot slot)
    {
        using var body = await RequestBody.ReadAsync(reader, length: null, default);
        slot.AppendString(body.Memory.Span);
        var shape = new long[slot.Tensor!.Shape?.Length ?? 1];
        Array.Fill(shape, 1);
        slot.SetShape(shape);
    }

    /// <summary>At most one dimension may vary; it takes what the others leave.</summary>
    private static long[] ShapeOf(InputSlot slot, long bytes)
    {
        var declared = slot.Tensor!.Shape ?? [];
        var shape = declared.Select(d => d.Size).ToArray();
        var varying = Array.FindAll(shape, size => size < 0).Length;
        if (varying > 1)
        {
            throw RequestException.Bad(
                $"A raw binary request cannot say the shape of input \"{slot.Info.Name}\": {varying} of its dimensions vary.");
        }
        long others = 1;
        foreach (var size in shape)
            others *= Math.Max(1, size);
        var row = slot.ElementType.ByteCount(others);
        if (varying == 0 ? bytes != row : row == 0 || bytes % row != 0)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" wants {(varying == 0 ? "" : "a multiple of ")}{row} bytes; the body has {bytes}.");
        }
        if (varying == 1)
            shape[Array.FindIndex(shape, size => size < 0)] = bytes / row;
        return shape;
    }
}
