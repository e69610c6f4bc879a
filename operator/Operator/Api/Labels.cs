namespace Sluice.Operator.Api;

/// <summary>Labels and annotations that Sluice sets, and those that it keeps off its children.</summary>
internal static class Labels
{
    public const string Domain = "sluice.dev/";

    /// <summary>On everything owned: the InferenceService's name.</summary>
    public const string Service = "sluice.dev/inferenceservice";

    /// <summary>On everything that belongs to one revision: the revision's name.</summary>
    public const string Revision = "sluice.dev/revision";

    /// <summary>On the Job that verifies a ModelVersion, and on its pod: the ModelVersion's name.</summary>
    public const string Version = "sluice.dev/modelversion";

    /// <summary>On the record of an attempt: its number. What bears it is not watched.</summary>
    public const string Attempt = "sluice.dev/attempt";

    /// <summary>On the Service that users call and on the one for the candidate: <c>front</c> or <c>preview</c>.</summary>
    public const string Role = "sluice.dev/role";

    /// <summary>Annotation on a pod: which generation of the split it was told of, and when.</summary>
    public const string Split = "sluice.dev/split";

    public const string RoleFront = "front";
    public const string RolePreview = "preview";

    public const string AppName = "app.kubernetes.io/name";
    public const string AppComponent = "app.kubernetes.io/component";
    public const string AppPartOf = "app.kubernetes.io/part-of";
    public const string AppManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>By these, tools decide what they own and may delete; a child that bore one would be pruned as a stray.</summary>
    static readonly string[] Tracking =
    [
        "argocd.argoproj.io/", "kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/", "meta.helm.sh/", "helm.sh/",
        "kubectl.kubernetes.io/last-applied-configuration", "app.kubernetes.io/", Domain,
    ];

    /// <summary>Whether a label or annotation that a person wishes for pods is kept for Sluice or for tools.</summary>
    public static bool IsReserved(string name) => Tracking.Any(t => name.StartsWith(t, StringComparison.Ordinal));
}
