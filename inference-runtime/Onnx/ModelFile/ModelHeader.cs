namespace Sluice.Onnx.ModelFile;

/// <summary>What an .onnx file says about itself beyond what ONNX Runtime reports.</summary>
public sealed record ModelHeader
{
    public long? IrVersion { get; init; }

    public string? ProducerVersion { get; init; }

    /// <summary>Operator set versions by domain; the standard domain is the empty string in the file, <c>ai.onnx</c> here.</summary>
    public IReadOnlyDictionary<string, long> Opsets { get; init; } = new Dictionary<string, long>();

    /// <summary>Files beside the model that hold weights, each once, as the model names them.</summary>
    public IReadOnlyList<string> ExternalData { get; init; } = [];
}
