using Sluice.Kubernetes.Client;
using Sluice.LocalCluster.Controllers;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Kubelet;

/// <summary>Registers the node and keeps its status fresh.</summary>
internal sealed class NodeHeartbeat(KubeClient client, NodeInfo info, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    internal async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var wait = Every;
            try
            {
                var node = await RegisterAsync(cancel);
                var status = NodeFor.Status(info, node.Status, time.GetUtcNow());
                await client.WriteStatusAsync(node, node.Status, status, LocalJson.Default.NodeStatus, cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                log.HeartbeatFailed(e);
                wait = RetryAfter;
            }
            await Task.Delay(wait, time, cancel);
        }
    }

    private async Task<Node> RegisterAsync(CancellationToken cancel)
    {
        var node = NodeFor.Build(info);
        return await client.FindAsync<Node>(node.Key, cancel) ?? await client.CreateAsync(node, cancel: cancel);
    }
}
