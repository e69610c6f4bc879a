namespace Sluice.Integration.World;

/// <summary>Where resources lie in the API.</summary>
internal static class Plural
{
    static readonly Dictionary<string, string> Groups = new()
    {
        ["inferenceservices"] = "/apis/sluice.dev/v1alpha1",
        ["modelversions"] = "/apis/sluice.dev/v1alpha1",
        ["deployments"] = "/apis/apps/v1",
        ["replicasets"] = "/apis/apps/v1",
        ["jobs"] = "/apis/batch/v1",
        ["cronjobs"] = "/apis/batch/v1",
        ["controllerrevisions"] = "/apis/apps/v1",
        ["horizontalpodautoscalers"] = "/apis/autoscaling/v2",
        ["poddisruptionbudgets"] = "/apis/policy/v1",
        ["networkpolicies"] = "/apis/networking.k8s.io/v1",
        ["httproutes"] = "/apis/gateway.networking.k8s.io/v1",
        ["services"] = "/api/v1",
        ["configmaps"] = "/api/v1",
        ["pods"] = "/api/v1",
        ["events"] = "/api/v1",
        ["secrets"] = "/api/v1",
        ["persistentvolumeclaims"] = "/api/v1",
    };

    /// <summary>The kinds that the operator owns for a service.</summary>
    public static readonly IReadOnlyList<string> Owned =
    [
        "deployments", "services", "configmaps", "horizontalpodautoscalers", "poddisruptionbudgets", "networkpolicies", "controllerrevisions",
    ];

    public static string OfKind(string kind) => kind switch
    {
        "InferenceService" => "inferenceservices",
        "ModelVersion" => "modelversions",
        "CronJob" => "cronjobs",
        "Secret" => "secrets",
        "ConfigMap" => "configmaps",
        "PersistentVolumeClaim" => "persistentvolumeclaims",
        _ => throw new ArgumentException($"the suite does not know where {kind} lies; add it to {nameof(Plural)}", nameof(kind)),
    };

    public static string Path(string plural, string space) => $"{Groups[plural]}/namespaces/{space}/{plural}";
}
