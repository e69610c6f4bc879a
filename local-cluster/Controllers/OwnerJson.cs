using System.Text.Json.Nodes;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers;

/// <summary>Owner references as JSON.</summary>
internal static class OwnerJson
{
    internal static JsonArray Array(IEnumerable<OwnerReference> owners) => new([.. owners.Select(Reference)]);

    private static JsonNode Reference(OwnerReference owner)
    {
        var result = new JsonObject
        {
            ["apiVersion"] = owner.ApiVersion,
            ["kind"] = owner.Kind,
            ["name"] = owner.Name,
            ["uid"] = owner.Uid,
        };
        if (owner.Controller is { } controller)
            result["controller"] = controller;
        if (owner.BlockOwnerDeletion is { } block)
            result["blockOwnerDeletion"] = block;
        return result;
    }
}
