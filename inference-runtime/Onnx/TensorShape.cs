namespace Sluice.Onnx;

/// <summary>Arithmetic on shapes.</summary>
public static class TensorShape
{
    /// <summary>Product of the dimensions; 1 for a scalar.</summary>
    /// <exception cref="OverflowException">A dimension is negative or the product does not fit.</exception>
    public static long ElementCount(ReadOnlySpan<long> shape)
    {
        long count = 1;
        var empty = false;
        foreach (var size in shape)
        {
            if (size < 0)
                throw new OverflowException("A dimension is negative.");
            if (size == 0)
                empty = true;
            else
                count = checked(count * size);
        }
        return empty ? 0 : count;
    }
}
