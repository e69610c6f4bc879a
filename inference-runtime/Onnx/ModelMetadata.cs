namespace Sluice.Onnx;

/// <summary>What a model's author wrote into it. Empty texts are null.</summary>
/// <param name="Version">Null when the file does not set one.</param>
/// <param name="Custom">The free key/value pairs (<c>metadata_props</c>).</param>
public sealed record ModelMetadata(
    string? Producer,
    string? GraphName,
    string? Domain,
    string? Description,
    long? Version,
    IReadOnlyDictionary<string, string> Custom);
