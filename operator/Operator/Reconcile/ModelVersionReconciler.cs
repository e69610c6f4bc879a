using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Status;

namespace Sluice.Operator.Reconcile;

/// <summary>Says of a ModelVersion whether services may use it.</summary>
internal sealed class ModelVersionReconciler(KubeClient client, StoresByNamespace stores, TimeProvider time) : IReconciler<ObjectKey>
{
    readonly StatusWriter status = new(client);

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (stores.Of(key).Versions.Store.Get(key) is { Metadata.DeletionTimestamp: null } version)
            await status.WriteAsync(version, ModelVersionStatusFor.Render(version, time.GetUtcNow()), cancel);
        return Outcome.Settled;
    }
}
