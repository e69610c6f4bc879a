using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>The pods of a revision: restricted Pod Security, no API token, one fetching and one serving container.</summary>
internal static class PodTemplateFor
{
    /// <summary>Any unprivileged user will do; this one is the usual "nonroot" of small images.</summary>
    const long User = 65532;

    const int DrainDelaySeconds = 5;

    public static PodTemplateSpec Render(string name, RevisionInputs inputs, PodOptions options)
    {
        var drain = new DrainTimes(DrainDelaySeconds, inputs.TimeoutSeconds ?? RevisionInputs.DefaultTimeoutSeconds);
        var container = new ContainersFor(name, inputs, options, drain);
        return new PodTemplateSpec
        {
            Metadata = new ObjectMeta { Labels = PodLabels(name, inputs), Annotations = inputs.Annotations },
            Spec = new PodSpec
            {
                InitContainers = [container.Fetching()],
                Containers = [container.Serving()],
                Volumes = VolumesFor.Volumes(name, inputs, options.Cache),
                SecurityContext = Unprivileged(options.Cache?.Claim is not null || inputs.PayloadClaim is not null),
                ImagePullSecrets = VolumesFor.PullSecrets(inputs),
                ServiceAccountName = inputs.ServiceAccountName,
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                TerminationGracePeriodSeconds = drain.GraceSeconds,
                NodeSelector = inputs.NodeSelector,
                Tolerations = inputs.Tolerations?.Select(ToToleration).ToArray(),
                Affinity = inputs.Affinity,
                TopologySpreadConstraints = [Spread(name, inputs, "kubernetes.io/hostname"), Spread(name, inputs, "topology.kubernetes.io/zone")],
            },
        };
    }

    /// <param name="writesToClaim">A claim must be writable by the pods' user, which takes its group.</param>
    public static PodSecurityContext Unprivileged(bool writesToClaim) => new()
    {
        FsGroup = writesToClaim ? User : null,
        RunAsNonRoot = true,
        RunAsUser = User,
        RunAsGroup = User,
        SeccompProfile = new SeccompProfile { Type = "RuntimeDefault" },
    };

    static SortedDictionary<string, string> PodLabels(string name, RevisionInputs inputs)
    {
        var labels = Child.LabelsOf(inputs.ModelName, name);
        foreach (var (key, value) in inputs.Labels ?? new Dictionary<string, string>())
            labels[key] = value;
        return labels;
    }

    /// <summary>A wish, not a condition: one node must be enough to serve.</summary>
    static TopologySpreadConstraint Spread(string name, RevisionInputs inputs, string key) => new()
    {
        MaxSkew = 1,
        TopologyKey = key,
        WhenUnsatisfiable = "ScheduleAnyway",
        LabelSelector = LabelSelector.Of(Child.Selector(inputs.ModelName, name)),
    };

    static Toleration ToToleration(TolerationSpec wished) => new()
    {
        Key = wished.Key,
        Operator = wished.Operator,
        Value = wished.Value,
        Effect = wished.Effect,
        TolerationSeconds = wished.TolerationSeconds,
    };
}
