using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Validation;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Resources.Workloads;

/// <summary>What is particular to HorizontalPodAutoscalers and PodDisruptionBudgets.</summary>
internal static class AutoscalerRules
{
    public static KindRules Autoscalers => new() { Default = Default, Validate = Autoscaler, Table = WorkloadTables.Autoscalers };

    public static KindRules DisruptionBudgets => new()
    {
        Validate = Budget,
        Table = WorkloadTables.DisruptionBudgets,
        Generation = true,
    };

    static void Default(JsonObject autoscaler)
    {
        if (autoscaler.Object("spec") is not { } spec)
            return;
        if (spec.Array("metrics") is not { Count: > 0 })
        {
            spec["metrics"] = new JsonArray(new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject
                {
                    ["name"] = "cpu",
                    ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80L },
                },
            });
        }

        if (spec.Object("behavior") is not { } behavior)
            return;
        var up = behavior.Ensure("scaleUp");
        up.SetDefault("stabilizationWindowSeconds", () => 0L);
        up.SetDefault("policies", () => new JsonArray(Policy("Pods", 4), Policy("Percent", 100)));
        up.SetDefault("selectPolicy", () => "Max");
        var down = behavior.Ensure("scaleDown");
        down.SetDefault("policies", () => new JsonArray(Policy("Percent", 100)));
        down.SetDefault("selectPolicy", () => "Max");
    }

    static JsonObject Policy(string type, long value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15L };

    static IEnumerable<FieldError> Autoscaler(Write write)
    {
        var spec = write.Object.Object("spec");
        var (least, most) = (spec.Integer("minReplicas") ?? 1, spec.Integer("maxReplicas") ?? 0);
        if (least < 1)
            yield return Errors.Invalid("spec.minReplicas", least, "must be greater than or equal to 1");
        if (most < 1)
            yield return Errors.Invalid("spec.maxReplicas", most, "must be greater than 0");
        if (most < least)
            yield return Errors.Invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
    }

    static IEnumerable<FieldError> Budget(Write write)
    {
        var spec = write.Object.Object("spec") ?? [];
        if (spec["minAvailable"] is not null && spec["maxUnavailable"] is not null)
            yield return Errors.Invalid("spec", spec.DeepClone(), "minAvailable and maxUnavailable cannot be both set");
        foreach (var name in new[] { "minAvailable", "maxUnavailable" })
        {
            if (spec.Integer(name) is < 0 and var negative)
                yield return Errors.Invalid($"spec.{name}", negative, "must be greater than or equal to 0");
        }
    }
}
