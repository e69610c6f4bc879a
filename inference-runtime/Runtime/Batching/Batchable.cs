using Sluice.Onnx;

namespace Sluice.Runtime.Batching;

/// <summary>Whether rows of several requests can be put together at all, by what the model says of itself.</summary>
internal static class Batchable
{
    private const int WholeByte = 8;

    /// <returns>Null when they can be.</returns>
    public static string? Obstacle(OnnxSession session) =>
        session.Inputs.IsEmpty
            ? "it takes no input"
            : session.Inputs.Select(static v => Obstacle("input", v)).Concat(session.Outputs.Select(static v => Obstacle("output", v)))
                .FirstOrDefault(static o => o is not null);

    private static string? Obstacle(string what, ValueInfo value) => value.Type switch
    {
        TensorType { Element: ElementType.String } => $"{what} \"{value.Name}\" holds texts; tensors of numbers can be joined",
        TensorType { Element: var element } when element.Bits() % WholeByte != 0 => $"{what} \"{value.Name}\" has elements below a byte",
        TensorType { Shape: null } => $"{what} \"{value.Name}\" does not say how many dimensions it has",
        TensorType { Shape: { } shape } when shape.Length == 0 || shape[0].IsFixed => $"the first dimension of {what} \"{value.Name}\" does not vary",
        TensorType => null,
        _ => $"{what} \"{value.Name}\" is no tensor",
    };
}
