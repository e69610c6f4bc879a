namespace Sluice.Plugin.Conversion;

/// <summary>What nobody took: named one by one, with a reason where there is one.</summary>
internal static class Leftovers
{
    /// <summary>Several fields below one are one note.</summary>
    static readonly (string Prefix, string Message)[] Known =
    [
        ("spec.transformer", "there are no transformers: put the steps before and after into the ONNX graph, or into the caller"),
        ("spec.explainer", "there are no explainers: run them beside the service"),
        ("spec.canary", "canaries are not listed: name the next ModelVersion, and 'rollout' divides the requests"),
        ("spec.predictor.workerSpec", "a model is served by one pod each, not by several nodes together"),
        ("spec.predictor.deploymentStrategy", "pods are never replaced in place: each version has a Deployment of its own, and the old one serves until the new one does"),
        ("spec.predictor.storageUris", "one artifact per version: put all files of the model into one folder"),
        ("spec.predictor.containers", "there are no further containers in a pod"),
        ("spec.predictor.initContainers", "there are no further containers in a pod"),
        ("spec.predictor.volumes", "pods mount the model and nothing else; pvc:// reads from a claim"),
        ("spec.predictor.imagePullSecrets", "put it on the ServiceAccount"),
        ("spec.predictor.autoScaling", "scale-up and scale-down behave as the HorizontalPodAutoscaler's defaults do"),
        ("spec.predictor.confidential", "models are not decrypted; pin sha256 in the ModelVersion for integrity"),
    ];

    public static IEnumerable<Note> Of(Source source) => source.Left()
        .Select(static path => Known.Select(static k => k.Prefix).FirstOrDefault(p => Below(path, p)) ?? path)
        .Distinct(StringComparer.Ordinal)
        .Select(static path => new Note(NoteKind.Lost, path, Known.FirstOrDefault(k => k.Prefix == path).Message ?? "has no counterpart"));

    static bool Below(string path, string prefix) => path == prefix || path.StartsWith(prefix + ".", StringComparison.Ordinal);
}
