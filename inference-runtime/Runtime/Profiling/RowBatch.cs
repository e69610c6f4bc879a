using Sluice.Runtime.Models;

namespace Sluice.Runtime.Profiling;

/// <summary>How many rows of a table are sent in a call.</summary>
/// <param name="Rows">Or fewer, at the end.</param>
/// <param name="IsFixed">The model takes so many and no fewer.</param>
internal readonly record struct RowBatch(int Rows, bool IsFixed)
{
    private const int Usual = 256;

    public static RowBatch Of(Signature signature)
    {
        var shape = signature.Inputs.FirstOrDefault(static p => p.Shape is [{ IsFixed: true }, ..])?.Shape;
        // A plain list of fixed length is one row of a model without batches.
        return shape is not { } @fixed ? new(Usual, false) : new(@fixed.Length == 1 ? 1 : (int)@fixed[0].Size, true);
    }
}
