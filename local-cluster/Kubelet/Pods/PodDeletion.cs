using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>The last word of a kubelet about a pod: it has ended, its object may go.</summary>
internal static class PodDeletion
{
    internal static async Task ConfirmAsync(KubeClient client, Pod pod, CancellationToken cancel)
    {
        try
        {
            var options = new DeleteOptions { GracePeriodSeconds = 0, Uid = pod.Metadata.Uid };
            await client.DeleteAsync<Pod>(pod.Metadata.Key, options, cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound || e.IsConflict)
        {
            // Gone already, or another pod bears the name.
        }
    }
}
