using System.Globalization;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Versions;

/// <summary>From what a runtime found in a model to a signature as our kinds say it.</summary>
internal static class SignatureFor
{
    /// <summary>The limits of the schema: what is beyond them is not kept, because the API would refuse the whole status.</summary>
    const int MostTensors = 1024;
    const int LongestName = 512;
    const int MostDimensions = 32;

    static readonly HashSet<string> Datatypes =
    [
        "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP32", "FP64", "BYTES",
    ];

    /// <summary>Null when the report had no room for it.</summary>
    public static ModelSignature? Of(ModelReport report) => report.SignatureShortened is true ? null : new ModelSignature
    {
        Inputs = [.. report.Inputs.Select(Of)],
        Outputs = [.. report.Outputs.Select(Of)],
    };

    /// <summary>The signature where the schema of status can hold it, else null.</summary>
    public static ModelSignature? Storable(ModelSignature? signature) =>
        signature is not null && Fits(signature.Inputs) && Fits(signature.Outputs) ? signature : null;

    static TensorSignature Of(ValueReport value) => new()
    {
        Name = value.Name,
        Datatype = value.Datatype,
        Shape = [.. value.Shape.Select(Of)],
    };

    static IntOrString Of(ReportDimension dimension) =>
        dimension.Symbol is { Length: > 0 } symbol ? symbol
        : dimension.Size is >= -1 and <= int.MaxValue ? (int)dimension.Size
        : dimension.Size.ToString(CultureInfo.InvariantCulture);

    static bool Fits(IReadOnlyList<TensorSignature>? tensors) =>
        (tensors ?? []).Count <= MostTensors
        && (tensors ?? []).All(static t => t.Name.Length is > 0 and <= LongestName && Datatypes.Contains(t.Datatype) && (t.Shape?.Count ?? 0) <= MostDimensions);
}
