using Sluice.Operator.Api;

namespace Sluice.Operator.Versions;

/// <summary>Whether an artifact has the inputs and outputs that its ModelVersion says.</summary>
internal static class SignatureMatch
{
    /// <summary>The first difference in a sentence, or null. A list that the spec leaves out says nothing about them.</summary>
    public static string? Difference(ModelSignature wanted, ModelSignature found) =>
        Difference("input", wanted.Inputs, found.Inputs ?? []) ?? Difference("output", wanted.Outputs, found.Outputs ?? []);

    static string? Difference(string what, IReadOnlyList<TensorSignature>? wanted, IReadOnlyList<TensorSignature> found)
    {
        foreach (var wish in wanted ?? [])
        {
            if (found.FirstOrDefault(f => f.Name == wish.Name) is not { } have)
                return $"spec.signature has the {what} '{wish.Name}', the artifact has {Names(found)}.";
            if (have.Datatype != wish.Datatype || !Shapes.Agree(wish.Shape, have.Shape))
                return $"spec.signature has the {what} '{wish.Name}' as {Shapes.Text(wish)}, the artifact has it as {Shapes.Text(have)}.";
        }

        return wanted is not null && found.FirstOrDefault(f => wanted.All(w => w.Name != f.Name)) is { } more
            ? $"the artifact has the {what} '{more.Name}' ({Shapes.Text(more)}), which spec.signature does not have."
            : null;
    }

    static string Names(IReadOnlyList<TensorSignature> tensors)
    {
        const int shown = 8;
        return tensors.Count == 0 ? "none"
            : string.Join(", ", tensors.Take(shown).Select(static t => $"'{t.Name}'")) + (tensors.Count > shown ? $" and {tensors.Count - shown} more" : "");
    }
}
