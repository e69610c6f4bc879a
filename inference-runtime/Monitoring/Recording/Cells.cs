using System.Runtime.CompilerServices;

namespace Sluice.Monitoring.Recording;

/// <summary>Finds the cell of a number among edges, without a branch that the processor could guess wrong.</summary>
internal sealed class Cells
{
    // Padded with NaN, which is not at or below any number, to one less than a power of two.
    private readonly double[] search;
    private readonly int half;

    /// <param name="edges">Ascending. A cell holds its lower edge, the last one its upper edge as well.</param>
    public Cells(ReadOnlySpan<double> edges)
    {
        var size = 1;
        while (size <= edges.Length)
            size *= 2;
        search = new double[size - 1];
        Array.Fill(search, double.NaN);
        edges.CopyTo(search);
        if (edges.Length > 0)
            search[edges.Length - 1] = Math.BitIncrement(edges[^1]);
        half = size / 2;
    }

    /// <returns>0 below the first edge, then 1 for the first cell; the number of edges is above the last.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(double value)
    {
        var found = 0;
        ref var first = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(search);
        for (var step = half; step > 0; step >>= 1)
        {
            var above = value >= Unsafe.Add(ref first, found + step - 1);
            found += step & -Unsafe.BitCast<bool, byte>(above);
        }
        return found;
    }
}
