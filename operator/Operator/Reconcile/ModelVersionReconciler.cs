using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Events;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Status;
using Sluice.Operator.Versions;

namespace Sluice.Operator.Reconcile;

/// <summary>Has a ModelVersion's artifact fetched and examined, and says whether services may use it.</summary>
internal sealed class ModelVersionReconciler(
    KubeClient client, StoresByNamespace stores, ReconcileOptions options, EventRecorder events, TimeProvider time) : IReconciler<ObjectKey>
{
    readonly StatusWriter status = new(client);

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        var here = stores.Of(key);
        if (here.Versions.Store.Get(key) is not { Metadata.DeletionTimestamp: null } version)
            return Outcome.Settled;
        var now = time.GetUtcNow();
        var step = Verification.Next(version, here.VerifyingJobs.Of(key), here.VerifyingPods.Of(key), options.Pods, now);
        if (step.Create is { } job && await CreateAsync(job, cancel) is { } refused)
            step = new VerificationStep(new Finding.Working(refused), Wake: now + Stuck);
        var rendered = ModelVersionStatusFor.Render(version, step.Finding, now);
        if (await status.WriteAsync(version, rendered, cancel))
            Tell(version, step.Finding);
        return step.Wake is { } wake ? Outcome.Again(wake > now ? wake - now : TimeSpan.Zero) : Outcome.Settled;
    }

    /// <summary>Quotas and rights are not watched.</summary>
    static readonly TimeSpan Stuck = TimeSpan.FromSeconds(10);

    /// <returns>Why it cannot be created; null when it is there.</returns>
    async Task<string?> CreateAsync(Job job, CancellationToken cancel)
    {
        try
        {
            var made = await client.CreateAsync(job, fieldManager: FieldManagers.Objects, cancel: cancel);
            return IsOurs(made, job) ? null : Foreign(job);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // The cache has not seen it yet, or it is somebody else's.
            return await client.FindAsync<Job>(job.Key, cancel) is { } there && !IsOurs(there, job) ? Foreign(job) : null;
        }
        catch (KubeApiException e) when (e.IsInvalid || e.IsForbidden)
        {
            return $"Job '{job.Metadata.Name}', which is to fetch and examine the artifact, cannot be created: {e.Status?.Message ?? e.Message}";
        }
    }

    static bool IsOurs(Job there, Job wanted) => there.Metadata.Controller?.Uid == wanted.Metadata.Controller?.Uid;

    static string Foreign(Job job) =>
        $"Job '{job.Metadata.Name}' was not made for this ModelVersion, but its name is needed to examine the artifact. Delete that Job.";

    void Tell(ModelVersion version, Finding finding)
    {
        switch (finding)
        {
            case Finding.Failed failed:
                events.Warning(version, failed.Failure.Reason, "Verify", failed.Failure.Message);
                break;
            case Finding.Refused refused:
                events.Warning(version, refused.Failure.Reason, "Verify", refused.Failure.Message);
                break;
            case Finding.Proven proven:
                events.Normal(version, Reasons.Verified, "Verify", $"The artifact is {Digests.Of(proven.Report.Sha256)}, {proven.Report.SizeBytes} bytes.");
                break;
        }
    }
}
