using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api;
using Sluice.LocalCluster.Api.Operations;
using Sluice.LocalCluster.Api.Resources;

namespace Sluice.LocalCluster.Hosting;

/// <summary>The objects that every cluster starts with.</summary>
internal static class Bootstrap
{
    static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    public static void Run(ApiState state)
    {
        var writing = new Writing(state);
        var options = new WriteOptions(DryRun: false, "kube-apiserver", Force: false, FieldValidation.Ignore);
        foreach (var name in Namespaces)
        {
            writing.Create(
                new WriteRequest(state.Kind("", "namespaces"), "v1", "", "", "", options, state.Now),
                new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } },
                new Reading());
        }
    }
}
