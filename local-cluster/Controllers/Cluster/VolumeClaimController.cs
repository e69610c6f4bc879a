using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Cluster;

/// <summary>
/// Backs each claim by a folder, <c>STATE/volumes/NAMESPACE/CLAIM</c>, made as soon as the claim is there so that a person
/// can put files into it. The folder stays when the claim goes: it may hold somebody's models. Its size is not limited.
/// </summary>
internal sealed class VolumeClaimController(ControllerContext context, Store<PersistentVolumeClaim> claims, string stateFolder)
    : IReconciler<ObjectKey>
{
    internal static void Register(ControllerContext context, ControllerSet controllers, string stateFolder)
    {
        var claims = context.Informers.Of<PersistentVolumeClaim>();
        var queue = context.Add(controllers, "persistentvolumeclaim",
            _ => new VolumeClaimController(context, claims.Store, stateFolder));
        claims.EnqueueSelfAlways(queue);
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (claims.Get(key) is not { Metadata.DeletionTimestamp: null } claim)
            return Outcome.Settled;
        Directory.CreateDirectory(Path.Combine(stateFolder, "volumes", key.Namespace, key.Name));
        var status = new PersistentVolumeClaimStatus
        {
            Phase = "Bound",
            AccessModes = claim.Spec?.AccessModes,
            Capacity = claim.Spec?.Resources?.Requests,
        };
        await context.Client.WriteStatusAsync(claim, claim.Status, status, KubeJson.Default.PersistentVolumeClaimStatus, cancel);
        return Outcome.Settled;
    }
}
