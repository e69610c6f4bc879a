using System.Text.Json.Serialization;

namespace Sluice.Contract;

/// <summary>What <c>sluice-runtime inspect</c> prints about a model: what a ModelVersion is verified with.</summary>
public sealed record ModelReport
{
    /// <summary>
    /// Lower-case hex SHA-256 of the model file; of a folder with several files: SHA-256 over one line per file, "HASH  PATH\n" with the
    /// file's own hash and its path from the folder with '/', in ordinal order of the paths.
    /// </summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes of the file, or of all files of the folder.</summary>
    public required long SizeBytes { get; init; }

    /// <summary><c>onnx</c> or <c>ort</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Of the file format; null for .ort files, which do not say.</summary>
    public long? IrVersion { get; init; }

    /// <summary>Operator set versions by domain; the standard domain is <c>ai.onnx</c>.</summary>
    public IReadOnlyDictionary<string, long>? Opsets { get; init; }

    public string? Producer { get; init; }

    public string? ProducerVersion { get; init; }

    public string? Domain { get; init; }

    public string? GraphName { get; init; }

    public string? Description { get; init; }

    /// <summary>The version number that the author wrote into the file.</summary>
    public long? ModelVersion { get; init; }

    /// <summary>The author's free key/value pairs.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public required IReadOnlyList<ValueReport> Inputs { get; init; }

    public required IReadOnlyList<ValueReport> Outputs { get; init; }

    /// <summary>Initializers that a request may replace.</summary>
    public IReadOnlyList<ValueReport>? OptionalInputs { get; init; }

    /// <summary>Files beside the model that hold its weights, as the model names them.</summary>
    public IReadOnlyList<string>? ExternalData { get; init; }

    /// <summary>
    /// What the storage knew of where the artifact comes from: <c>run</c>, <c>model</c>, <c>version</c>, and <c>param.NAME</c> for what its training was given.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Lineage { get; init; }

    /// <summary>Seconds from opening the file to a usable session.</summary>
    public double? LoadSeconds { get; init; }

    /// <summary>True when parts were left out to fit a termination message.</summary>
    public bool? Shortened { get; init; }

    /// <summary>True when inputs or outputs were among them.</summary>
    public bool? SignatureShortened { get; init; }
}

/// <summary>One input or output of a model.</summary>
public sealed record ValueReport
{
    public required string Name { get; init; }

    /// <summary>As in the Open Inference Protocol: FP32, INT64, BYTES, …</summary>
    public required string Datatype { get; init; }

    /// <summary>Sizes; a varying dimension is its name, or -1 when it has none.</summary>
    public required IReadOnlyList<ReportDimension> Shape { get; init; }

    /// <summary>ONNX's own notation when the value is not a plain tensor, such as <c>seq(map(int64,tensor(float)))</c>.</summary>
    public string? OnnxType { get; init; }
}

/// <summary>A size, or the name of a dimension that varies.</summary>
[JsonConverter(typeof(ReportDimensionConverter))]
public readonly record struct ReportDimension(long Size, string? Symbol = null);
