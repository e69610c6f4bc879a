using Sluice.Onnx;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Protocols;

/// <summary>The parameter "absent" of an input: an optional without a value, as which it also counts when left out.</summary>
internal static class Absence
{
    /// <exception cref="RequestException">The model must have a value.</exception>
    public static void Mark(InputSlot slot)
    {
        if (slot.Info.Type is not OptionalType)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" is {slot.Info.Type}, no optional; it cannot be absent.");
        slot.Unset();
    }
}
