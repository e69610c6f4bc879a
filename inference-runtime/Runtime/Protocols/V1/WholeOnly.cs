using Sluice.Onnx;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Protocols.V1;

/// <summary>Sequences and maps have no rows.</summary>
internal static class WholeOnly
{
    /// <param name="slot">The input to be filled.</param>
    /// <param name="where">What has rows.</param>
    /// <exception cref="RequestException">It is a sequence or map.</exception>
    public static void Refuse(InputSlot slot, string where)
    {
        if (slot.Tensor is null)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" is {slot.Info.Type}, which {where} cannot hold: send {{\"inputs\": {{\"{slot.Info.Name}\": …}}}} with the whole value.");
        }
    }
}
