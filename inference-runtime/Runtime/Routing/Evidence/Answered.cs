using Sluice.Onnx;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>One output of an answer, whatever protocol it came by: numbers or texts, flattened.</summary>
/// <param name="Name">Of the output.</param>
/// <param name="Type">Its datatype; empty where the protocol does not say.</param>
/// <param name="Shape">As far as the protocol says it.</param>
/// <param name="Numbers">Null of texts.</param>
/// <param name="Texts">Null of numbers; also the keys of maps and true, false and null.</param>
/// <param name="AreWhole">All numbers are whole by type, or written without a fraction.</param>
internal sealed record Answered(string Name, string Type, long[] Shape, double[]? Numbers, string[]? Texts, bool AreWhole)
{
    /// <summary>The last dimension.</summary>
    public int Width => Shape.Length > 1 && Shape[^1] > 0 ? (int)Math.Min(Shape[^1], int.MaxValue) : 1;

    public static bool IsWhole(ElementType type) => type is not (ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16);
}

/// <summary>The body is in a form that is not looked into, or in none.</summary>
internal sealed class UnreadableAnswerException(string message) : Exception(message);
