using Sluice.Contract;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Desired;

/// <summary>
/// KServe's annotations that say where S3 is and how to speak to it. There they belong to a Secret, which Sluice's operator never
/// reads; here to the object that names it, whose fetching container gets them as variables. A key of the Secret wins.
/// </summary>
internal static class ServerAnnotations
{
    const string Prefix = "serving.kserve.io/";

    static readonly (string Annotation, string Variable)[] Known =
    [
        ("s3-endpoint", "S3_ENDPOINT"),
        ("s3-usehttps", "S3_USE_HTTPS"),
        ("s3-region", "AWS_REGION"),
        ("s3-verifyssl", "S3_VERIFY_SSL"),
        ("s3-usevirtualbucket", "S3_USE_VIRTUAL_BUCKET"),
        ("s3-useanoncredential", "AWS_ANONYMOUS_CREDENTIAL"),
    ];

    /// <summary>By variable; null when there are none, or when the address is not one that may lead to S3.</summary>
    /// <param name="metadata">Of the ModelVersion, or of the InferenceService for an inline model.</param>
    /// <param name="storageUri">What is fetched.</param>
    public static IReadOnlyDictionary<string, string>? Variables(ObjectMeta metadata, string storageUri)
    {
        if (StorageSchemes.Of(storageUri) is not ("s3" or "models" or "runs") || metadata.Annotations is not { } annotations)
            return null;
        var found = Known.Where(k => annotations.ContainsKey(Prefix + k.Annotation)).ToDictionary(static k => k.Variable, k => annotations[Prefix + k.Annotation]);
        return found.Count > 0 ? found : null;
    }
}
