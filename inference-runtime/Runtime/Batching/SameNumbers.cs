using Sluice.Onnx;
using Sluice.Runtime.Routing.Evidence;

namespace Sluice.Runtime.Batching;

/// <summary>Whether two tensors are the same but for the order in which sums were taken.</summary>
internal static class SameNumbers
{
    private const double Relative = 1e-3, Absolute = 1e-5;

    public static bool Are(OnnxValue left, OnnxValue right)
    {
        if (left.ElementType != right.ElementType || !left.Shape.SequenceEqual(right.Shape))
            return false;
        return left.ElementType is ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16
            ? AreClose(left.ElementType, Bytes(left), Bytes(right))
            : Bytes(left).SequenceEqual(Bytes(right));
    }

    private static unsafe ReadOnlySpan<byte> Bytes(OnnxValue tensor) => new(tensor.Data, checked((int)tensor.ByteLength));

    private static bool AreClose(ElementType type, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var size = type.Bits() / 8;
        for (var at = 0; at < left.Length; at += size)
        {
            if (!AreClose(RawElements.Number(type, left[at..]), RawElements.Number(type, right[at..])))
                return false;
        }
        return true;
    }

    /// <summary>NaN is like NaN.</summary>
    private static bool AreClose(double left, double right) =>
        left.Equals(right) || Math.Abs(left - right) <= Absolute + Relative * Math.Max(Math.Abs(left), Math.Abs(right));
}
