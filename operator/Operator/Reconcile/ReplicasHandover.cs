using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Reconcile;

/// <summary>Gives <c>spec.replicas</c> to an autoscaler without the number of pods changing in between.</summary>
internal static class ReplicasHandover
{
    /// <param name="client">Writes.</param>
    /// <param name="live">As it was just read.</param>
    /// <param name="initial">How many pods it begins with.</param>
    /// <param name="fields">Who owns what of it.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task RunAsync(KubeClient client, Deployment live, Deployment initial, ManagedFields fields, CancellationToken cancel)
    {
        var replicas = live.Spec?.Replicas ?? 0;
        if (replicas > 0 && !fields.AloneOwnsReplicas(FieldManagers.Objects))
            return;
        var holding = new Deployment
        {
            Metadata = new ObjectMeta
            {
                Name = live.Metadata.Name,
                Namespace = live.Metadata.Namespace,
                Uid = live.Metadata.Uid,
                // The number is only right as long as nobody has written since.
                ResourceVersion = live.Metadata.ResourceVersion,
            },
            Spec = new DeploymentSpec { Replicas = replicas > 0 ? replicas : initial.Spec?.Replicas },
        };
        await client.ApplyAsync(holding, FieldManagers.Handover, cancel);
    }
}
