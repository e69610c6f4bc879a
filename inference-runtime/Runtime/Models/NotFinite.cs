using System.Numerics;
using System.Runtime.InteropServices;
using Sluice.Onnx;

namespace Sluice.Runtime.Models;

/// <summary>Finds NaN and infinity in what a model answered: tensors of the floating-point types, not what is inside sequences and maps.</summary>
internal static class NotFinite
{
    public static bool IsIn(ModelCall call)
    {
        for (var i = 0; i < call.Frame.Outputs.Length; i++)
        {
            if (call.Frame.IsWanted(i) && call.Frame.Outputs[i] is { Kind: ValueKind.Tensor } tensor && IsIn(tensor))
                return true;
        }
        return false;
    }

    private static unsafe bool IsIn(OnnxValue tensor) => tensor.ElementType switch
    {
        ElementType.Float => AnyHasAll(new ReadOnlySpan<uint>(tensor.Data, checked((int)tensor.Count)), 0x7f800000u),
        ElementType.Double => AnyHasAll(new ReadOnlySpan<ulong>(tensor.Data, checked((int)tensor.Count)), 0x7ff0000000000000ul),
        ElementType.Float16 => AnyHasAll(new ReadOnlySpan<ushort>(tensor.Data, checked((int)tensor.Count)), (ushort)0x7c00),
        ElementType.BFloat16 => AnyHasAll(new ReadOnlySpan<ushort>(tensor.Data, checked((int)tensor.Count)), (ushort)0x7f80),
        _ => false,
    };

    /// <summary>What is not finite has all bits of the exponent set.</summary>
    private static bool AnyHasAll<T>(ReadOnlySpan<T> elements, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (Vector.IsHardwareAccelerated && elements.Length >= Vector<T>.Count)
        {
            var mask = new Vector<T>(exponent);
            var vectors = MemoryMarshal.Cast<T, Vector<T>>(elements);
            foreach (var vector in vectors)
            {
                if (Vector.EqualsAny(vector & mask, mask))
                    return true;
            }
            elements = elements[(vectors.Length * Vector<T>.Count)..];
        }
        foreach (var element in elements)
        {
            if ((element & exponent) == exponent)
                return true;
        }
        return false;
    }
}
