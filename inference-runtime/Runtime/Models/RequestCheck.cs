using Sluice.Onnx;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Models;

/// <summary>Compares a request with what the model wants, before and after ONNX Runtime has seen it.</summary>
internal static class RequestCheck
{
    /// <summary>ONNX Runtime does not notice a missing input, and its words for a wrong shape name no remedy.</summary>
    public static void Inputs(ServedModel model, RunFrame frame)
    {
        var ports = model.Signature.Inputs;
        for (var i = 0; i < ports.Length; i++)
        {
            var slot = frame.Inputs[i];
            if (slot.IsSet)
                Shape(ports[i], slot);
            else if (ports[i].Required)
                throw RequestException.Bad($"Input \"{ports[i].Name}\" is missing; the model wants {ports[i].Wanted}.");
        }
    }

    /// <summary>What a failed run means for the caller.</summary>
    public static RequestException Explain(ServedModel model, RunFrame frame, OnnxException error)
    {
        if (Disagreement(model, frame) is { } disagreement)
            return RequestException.Bad(disagreement);
        return error.Code == OnnxErrorCode.InvalidArgument
            ? RequestException.Bad($"Model \"{model.Name}\" refuses the input: {error.Message}")
            : new RequestException(500, $"Model \"{model.Name}\" failed: {error.Message}");
    }

    private static void Shape(Port port, InputSlot slot)
    {
        if (slot.Tensor is not { Shape: { } declared })
            return;
        var given = slot.Shape;
        var fits = given.Length == declared.Length;
        for (var i = 0; fits && i < given.Length; i++)
            fits = !declared[i].IsFixed || declared[i].Size == given[i];
        if (!fits)
            throw RequestException.Bad(
                $"Input \"{port.Name}\" has shape [{string.Join(", ", given.ToArray())}]; the model wants {port.Wanted}.");
    }

    /// <summary>Inputs that give different sizes to a dimension that they share by name; null when there are none.</summary>
    private static string? Disagreement(ServedModel model, RunFrame frame)
    {
        var seen = new Dictionary<string, (string Input, long Size)>();
        foreach (var slot in frame.Inputs)
        {
            if (!slot.IsSet || slot.Tensor is not { Shape: { } declared })
                continue;
            for (var i = 0; i < slot.Shape.Length; i++)
            {
                if (declared[i].Symbol is not { } symbol)
                    continue;
                if (!seen.TryAdd(symbol, (slot.Info.Name, slot.Shape[i])) && seen[symbol].Size != slot.Shape[i])
                {
                    return $"Input \"{slot.Info.Name}\" has {slot.Shape[i]} for the dimension \"{symbol}\", input "
                        + $"\"{seen[symbol].Input}\" has {seen[symbol].Size}; model \"{model.Name}\" wants the same.";
                }
            }
        }
        return null;
    }
}
