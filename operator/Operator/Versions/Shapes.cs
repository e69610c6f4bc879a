using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Versions;

/// <summary>Shapes compared, where -1 and a name stand for any length, and no shape at all for any shape.</summary>
internal static class Shapes
{
    /// <summary>Whether one tensor can have both shapes.</summary>
    public static bool Agree(IReadOnlyList<IntOrString>? left, IReadOnlyList<IntOrString>? right) =>
        left is null || right is null
        || (left.Count == right.Count && left.Zip(right).All(static d => IsOpen(d.First) || IsOpen(d.Second) || d.First == d.Second));

    /// <summary>Whether every tensor of the first shape has the second one too.</summary>
    public static bool Takes(IReadOnlyList<IntOrString>? given, IReadOnlyList<IntOrString>? taken) =>
        taken is null || given is null
        || (given.Count == taken.Count && given.Zip(taken).All(static d => IsOpen(d.Second) || d.First == d.Second));

    /// <summary>For people: <c>FP32 [batch, 4]</c>.</summary>
    public static string Text(TensorSignature tensor) =>
        tensor.Shape is null ? tensor.Datatype : $"{tensor.Datatype} [{string.Join(", ", tensor.Shape)}]";

    static bool IsOpen(IntOrString dimension) => !dimension.IsNumber || dimension.Number < 0;
}
