using Sluice.Onnx;

namespace Sluice.Runtime.Protocols.V1;

/// <summary>
/// V1 carries no shapes, so the nesting says it. Where the model's rank differs by one and a dimension of 1 explains it,
/// that dimension is added or dropped: a column [batch, 1] is written as a plain list, and a model without a batch
/// dimension gets its one row.
/// </summary>
internal static class ShapeGuess
{
    public static void Apply(InputSlot slot, ReadOnlySpan<long> nested)
    {
        Span<long> full = stackalloc long[nested.Length + 1];
        nested.CopyTo(full);
        var shape = full[..nested.Length];
        if (slot.Tensor?.Shape is { } declared)
        {
            if (declared.Length == nested.Length + 1 && declared[^1].Size is (1 or -1))
            {
                full[nested.Length] = 1;
                shape = full;
            }
            else if (declared.Length == nested.Length - 1 && nested[0] == 1)
                shape = shape[1..];
        }
        slot.SetShape(shape);
    }
}
