using Sluice.Onnx;

namespace Sluice.Runtime.Batching;

/// <summary>Whether two tensors are the same but for the order in which sums were taken.</summary>
internal static class SameNumbers
{
    private const double Relative = 1e-3, Absolute = 1e-5;

    public static bool Are(OnnxValue left, OnnxValue right)
    {
        if (left.ElementType != right.ElementType || !left.Shape.SequenceEqual(right.Shape))
            return false;
        for (long i = 0; i < left.Count; i++)
        {
            if (!AreClose(left, right, i))
                return false;
        }
        return true;
    }

    private static unsafe bool AreClose(OnnxValue left, OnnxValue right, long at) => left.ElementType switch
    {
        ElementType.Float => AreClose(((float*)left.Data)[at], ((float*)right.Data)[at]),
        ElementType.Double => AreClose(((double*)left.Data)[at], ((double*)right.Data)[at]),
        ElementType.Float16 => AreClose((double)((Half*)left.Data)[at], (double)((Half*)right.Data)[at]),
        ElementType.BFloat16 => AreClose(
            BitConverter.UInt32BitsToSingle((uint)((ushort*)left.Data)[at] << 16), BitConverter.UInt32BitsToSingle((uint)((ushort*)right.Data)[at] << 16)),
        _ => BytesAt(left, at).SequenceEqual(BytesAt(right, at)),
    };

    private static unsafe ReadOnlySpan<byte> BytesAt(OnnxValue tensor, long at)
    {
        var size = (int)(tensor.ByteLength / tensor.Count);
        return new ReadOnlySpan<byte>(tensor.Data + at * size, size);
    }

    /// <summary>NaN is like NaN.</summary>
    private static bool AreClose(double left, double right) =>
        left.Equals(right) || Math.Abs(left - right) <= Absolute + Relative * Math.Max(Math.Abs(left), Math.Abs(right));
}
