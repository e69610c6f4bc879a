namespace Sluice.Contract;

/// <summary>
/// How what a ModelVersion names for reference reaches a pod: each key of a ConfigMap is a file. The same files count
/// when they lie beside the model.
/// </summary>
public static class ReferenceFiles
{
    /// <summary>Requests and the answers that the model must give.</summary>
    public const string Golden = "golden.json";

    /// <summary>Reference distributions, a <see cref="ProfileDocument"/>.</summary>
    public const string Baseline = "baseline.json";

    /// <summary>Where the operator mounts the ConfigMap of <c>golden</c>. It is empty when there is no such ConfigMap any more.</summary>
    public const string GoldenPath = "/etc/sluice/golden";

    /// <summary>Where the operator mounts the ConfigMap of <c>baseline</c>. It is empty when there is no such ConfigMap any more.</summary>
    public const string BaselinePath = "/etc/sluice/baseline";
}
