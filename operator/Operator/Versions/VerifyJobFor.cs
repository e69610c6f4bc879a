using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Versions;

/// <summary>
/// The Job that fetches and examines an artifact once: a pod as locked down as a serving one, with the same fetching
/// container, and nothing to call the API with. What it finds stands in its termination message.
/// </summary>
internal static class VerifyJobFor
{
    /// <summary>Room for a large artifact over a slow line; what takes longer is begun anew.</summary>
    const long DeadlineSeconds = 3600;

    /// <summary>Long enough to read the log of a pod that failed; its result is kept in status.</summary>
    const int KeptSeconds = 60;

    const int GraceSeconds = 5;

    /// <param name="version">The owner.</param>
    /// <param name="attempt">Counted from 1.</param>
    /// <param name="options">Of the pod.</param>
    public static Job Render(ModelVersion version, int attempt, PodOptions options)
    {
        var labels = LabelsOf(version);
        return new Job
        {
            Metadata = new ObjectMeta
            {
                Name = Names.Verification(version.Metadata.Name!, version.Metadata.Uid!, attempt),
                Namespace = version.Metadata.Namespace,
                Labels = labels,
                OwnerReferences = [OwnerReference.ToController(version)],
            },
            Spec = new JobSpec
            {
                // Whether another try makes sense depends on the reason, which a Job does not know.
                BackoffLimit = 0,
                ActiveDeadlineSeconds = DeadlineSeconds,
                TtlSecondsAfterFinished = KeptSeconds,
                Template = new PodTemplateSpec { Metadata = new ObjectMeta { Labels = labels }, Spec = Pod(version, options) },
            },
        };
    }

    static PodSpec Pod(ModelVersion version, PodOptions options)
    {
        var name = version.Metadata.Name!;
        var inputs = RevisionInputs.From(name, SourceFor.Of(version), new PredictorSpec { Model = new ModelSpec() });
        var containers = new ContainersFor(name, inputs, options, default);
        return new PodSpec
        {
            RestartPolicy = "Never",
            InitContainers = [containers.Fetching()],
            Containers = [containers.Inspecting()],
            Volumes = VolumesFor.FetchingVolumes(inputs, options.Cache),
            SecurityContext = PodTemplateFor.Unprivileged(options.Cache?.Claim is not null),
            ImagePullSecrets = VolumesFor.PullSecrets(inputs),
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            TerminationGracePeriodSeconds = GraceSeconds,
        };
    }

    static SortedDictionary<string, string> LabelsOf(ModelVersion version) => new(StringComparer.Ordinal)
    {
        [Labels.Version] = version.Metadata.Name!,
        [Labels.AppName] = "inference",
        [Labels.AppComponent] = "verification",
        [Labels.AppPartOf] = version.Metadata.Name!,
        [Labels.AppManagedBy] = Child.ManagedBy,
    };
}
