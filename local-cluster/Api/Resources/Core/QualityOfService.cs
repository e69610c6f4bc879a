using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Resources.Core;

/// <summary>The class of a pod by what its containers request and may use.</summary>
internal static class QualityOfService
{
    static readonly string[] Counted = ["cpu", "memory"];

    public static string Of(JsonObject spec)
    {
        var containers = spec.Objects("initContainers").Concat(spec.Objects("containers")).ToList();
        if (containers.TrueForAll(one => !Asks(one, "requests") && !Asks(one, "limits")))
            return "BestEffort";
        return containers.TrueForAll(IsGuaranteed) ? "Guaranteed" : "Burstable";
    }

    static bool Asks(JsonObject container, string what) =>
        Counted.Any(name => container.Text("resources", what, name) is { } amount && amount != "0");

    static bool IsGuaranteed(JsonObject container) => Counted.All(name =>
        container.Text("resources", "limits", name) is { } limit && limit != "0"
        && (container.Text("resources", "requests", name) ?? limit) == limit);
}
