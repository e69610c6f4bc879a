using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Cluster;

/// <summary>Gives each namespace its <c>default</c> service account.</summary>
internal sealed class ServiceAccountController(
    ControllerContext context, Store<Namespace> namespaces, Store<ServiceAccount> accounts) : IReconciler<ObjectKey>
{
    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var namespaces = context.Informers.Of<Namespace>();
        var accounts = context.Informers.Of<ServiceAccount>();
        var queue = context.Add(controllers, "serviceaccount",
            _ => new ServiceAccountController(context, namespaces.Store, accounts.Store));
        namespaces.EnqueueSelf(queue);
        accounts.EnqueueMapped(queue, account => [ObjectKey.Cluster(account.Metadata.Namespace!)]);
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        var account = new ObjectKey(key.Name, "default");
        if (namespaces.Get(key) is not { Metadata.DeletionTimestamp: null } || accounts.Get(account) is not null)
            return Outcome.Settled;
        try
        {
            await context.Client.CreateAsync(
                new ServiceAccount { Metadata = new ObjectMeta { Name = account.Name, Namespace = account.Namespace } }, cancel: cancel);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // The cache is behind.
        }
        return Outcome.Settled;
    }
}
