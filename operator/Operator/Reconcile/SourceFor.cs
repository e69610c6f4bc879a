using System.Text.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Versions;
using Sluice.Rollouts;

namespace Sluice.Operator.Reconcile;

/// <summary>From a spec to the model that it means.</summary>
internal static class SourceFor
{
    public const string Onnx = "onnx";

    /// <param name="service">Whose spec.</param>
    /// <param name="version">The ModelVersion that it names, when that exists.</param>
    /// <param name="records">Revisions that were made before: what a deleted ModelVersion said is still in them.</param>
    public static (ModelSource? Source, Failure? Problem) Resolve(
        InferenceService service, ModelVersion? version, IReadOnlyCollection<KnownRecord> records)
    {
        var model = service.Spec.Predictor.Model;
        return model.Version is { } name
            ? Registered(name, service.Metadata.Namespace!, version, records)
            : Inline(service.Metadata, model);
    }

    static (ModelSource?, Failure?) Registered(
        string name, string ns, ModelVersion? version, IReadOnlyCollection<KnownRecord> records)
    {
        if (version is null)
        {
            var known = records.Where(r => r.Record.Inputs.ModelVersion == name).MaxBy(static r => r.Number)?.Record;
            return known is null
                ? (null, new Failure(Reasons.ModelVersionNotFound,
                    $"ModelVersion '{name}' does not exist in namespace '{ns}'. Apply it, or name another in spec.predictor.model.version.", Final: false))
                : (new ModelSource(name, known.Inputs.StorageUri, known.Inputs.Sha256, known.Inputs.CredentialsSecret)
                {
                    StorageVariables = known.Inputs.StorageVariables,
                    GoldenConfigMap = known.Inputs.GoldenConfigMap,
                    BaselineConfigMap = known.Inputs.BaselineConfigMap,
                    Expectations = known.Inputs.Expectations,
                    Signature = known.Signature,
                }, null);
        }

        var ready = ConditionList.Find(version.Status?.Conditions, ConditionTypes.Ready);
        if (ready is { Status: ConditionStatus.True } && ready.ObservedGeneration == version.Metadata.Generation)
            return (Of(version), null);
        return (null, new Failure(
            ready?.Reason ?? Reasons.ModelVersionNotReady,
            $"ModelVersion '{name}' is not Ready: {ready?.Message ?? "it has not been looked at yet."}",
            Final: IsRefused(version)));
    }

    /// <summary>It stays so: only another ModelVersion, or one made anew, helps.</summary>
    static bool IsRefused(ModelVersion version) =>
        ConditionList.Find(version.Status?.Conditions, ConditionTypes.Verified) is { Status: ConditionStatus.False } verified
        && verified.ObservedGeneration == version.Metadata.Generation;

    /// <summary>Where a ModelVersion's artifact lies, and what it must be: the pin, or else the digest that was seen first.</summary>
    public static ModelSource Of(ModelVersion version) => new(
        version.Metadata.Name,
        version.Spec.StorageUri,
        version.Spec.Sha256?.ToLowerInvariant() ?? Digests.Hex(version.Status?.Digest),
        version.Spec.Credentials?.SecretName)
    {
        StorageVariables = ServerAnnotations.Variables(version.Metadata, version.Spec.StorageUri),
        GoldenConfigMap = version.Spec.Golden?.ConfigMapName,
        BaselineConfigMap = version.Spec.Baseline?.ConfigMapName,
        Expectations = ExpectationsOf(version.Spec),
        Signature = version.Status?.Signature,
    };

    /// <summary>What is expected of the features, as the runtime reads it; null when nothing is.</summary>
    public static string? ExpectationsOf(ModelVersionSpec spec) => spec.Expectations is { Count: > 0 } expectations
        // In a variable, the kubelet would take $(NAME) for the value of another.
        ? JsonSerializer.Serialize(expectations, ApiJson.Default.IReadOnlyListFeatureExpectation).Replace("$", "\\u0024", StringComparison.Ordinal)
        : null;

    static (ModelSource?, Failure?) Inline(ObjectMeta metadata, ModelSpec model)
    {
        if (model.ModelFormat is { } format && FormatProblem(format) is { } wrongFormat)
            return (null, new Failure(Reasons.UnsupportedFormat, wrongFormat, Final: true));
        if (string.IsNullOrEmpty(model.StorageUri))
            return (null, new Failure(Reasons.InvalidSpec, "spec.predictor.model needs version (the name of a ModelVersion) or storageUri.", Final: true));
        return StorageUris.Problem(model.StorageUri) is { } wrongAddress
            ? (null, new Failure(Reasons.InvalidStorageUri, wrongAddress, Final: true))
            : (new ModelSource(null, model.StorageUri, model.Sha256?.ToLowerInvariant(), model.Credentials?.SecretName)
            {
                StorageVariables = ServerAnnotations.Variables(metadata, model.StorageUri),
            }, null);
    }

    /// <summary>What is wrong with a format, and the way out; null for onnx.</summary>
    public static string? FormatProblem(ModelFormat format) => format.Name == Onnx ? null :
        $"Model format '{format.Name}' is not served, only onnx is. Convert the model: {Converter(format.Name)}.";

    static string Converter(string format) => format switch
    {
        "sklearn" => "skl2onnx.to_onnx(model, X[:1]) for scikit-learn",
        "xgboost" or "lightgbm" => $"onnxmltools.convert_{format} for {format}",
        "pytorch" => "torch.onnx.export for PyTorch",
        "tensorflow" or "keras" => "python -m tf2onnx.convert for TensorFlow and Keras",
        "huggingface" => "optimum-cli export onnx for Hugging Face",
        _ => "skl2onnx (scikit-learn), onnxmltools (XGBoost, LightGBM), torch.onnx.export (PyTorch), tf2onnx (TensorFlow)",
    };
}
