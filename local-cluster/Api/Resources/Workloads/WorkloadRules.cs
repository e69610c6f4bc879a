using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources.Core;
using Sluice.LocalCluster.Api.Selection;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Validation;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Resources.Workloads;

/// <summary>What is particular to Deployments and ReplicaSets.</summary>
internal static class WorkloadRules
{
    public static KindRules Deployments => new()
    {
        Default = DefaultDeployment,
        Validate = write => Selector(write).Concat(Template(write)).Concat(Strategy(write)),
        Table = WorkloadTables.Deployments,
        Generation = true,
    };

    public static KindRules ReplicaSets => new()
    {
        Default = set => PodDefaults.Spec(set.Object("spec", "template", "spec")),
        Validate = write => Selector(write).Concat(Template(write)),
        Table = WorkloadTables.ReplicaSets,
        Generation = true,
        Fields = new Dictionary<string, Func<JsonObject, string?>>(StringComparer.Ordinal)
        {
            ["status.replicas"] = set => (set.Integer("status", "replicas") ?? 0).ToString(),
        },
    };

    static void DefaultDeployment(JsonObject deployment)
    {
        PodDefaults.Spec(deployment.Object("spec", "template", "spec"));
        if (deployment.Object("spec", "strategy") is not { } strategy || strategy.Text("type") != "RollingUpdate")
            return;
        var rolling = strategy.Ensure("rollingUpdate");
        rolling.SetDefault("maxUnavailable", () => "25%");
        rolling.SetDefault("maxSurge", () => "25%");
    }

    static IEnumerable<FieldError> Selector(Write write)
    {
        var selector = write.Object.Object("spec", "selector");
        if (selector is null || selector.Count == 0)
        {
            yield return selector is null
                ? Errors.Required("spec.selector")
                : Errors.Invalid("spec.selector", selector.DeepClone(), "empty selector is invalid for deployment");
            yield break;
        }

        if (write.Old is not null && !Tree.Same(write.Old.At("spec", "selector"), selector))
            yield return Errors.Invalid("spec.selector", selector.DeepClone(), "field is immutable");
        var labels = write.Object.Strings("spec", "template", "metadata", "labels");
        if (!Matches(selector, labels))
            yield return Errors.Invalid("spec.template.metadata.labels", Shown(labels), "`selector` does not match template `labels`");
    }

    static bool Matches(JsonObject selector, Dictionary<string, string> labels)
    {
        try
        {
            return LabelSelector.Of(selector).Matches(labels);
        }
        catch (SelectorException)
        {
            return false;
        }
    }

    static JsonObject? Shown(Dictionary<string, string> labels) => labels.Count == 0
        ? null
        : new JsonObject(labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));

    static IEnumerable<FieldError> Template(Write write)
    {
        var spec = write.Object.Object("spec", "template", "spec") ?? [];
        foreach (var error in PodSpecValidation.Check(spec, "spec.template.spec"))
            yield return error;
        if (spec.Text("restartPolicy") is { } policy && policy is "OnFailure" or "Never")
            yield return Errors.NotSupported("spec.template.spec.restartPolicy", policy, ["Always"]);
        foreach (var name in new[] { "replicas", "minReadySeconds", "revisionHistoryLimit" })
        {
            if (write.Object.Integer("spec", name) is < 0 and var negative)
                yield return Errors.Invalid($"spec.{name}", negative, "must be greater than or equal to 0");
        }
    }

    static IEnumerable<FieldError> Strategy(Write write)
    {
        var strategy = write.Object.Object("spec", "strategy");
        if (strategy.Text("type") == "Recreate" && strategy.Object("rollingUpdate") is not null)
            yield return Errors.Forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
        if (strategy.Object("rollingUpdate") is { } rolling && IsZero(rolling["maxUnavailable"]) && IsZero(rolling["maxSurge"]))
            yield return Errors.Invalid("spec.strategy.rollingUpdate.maxUnavailable", rolling["maxUnavailable"]?.DeepClone(), "may not be 0 when `maxSurge` is 0");
        if (write.Object.Integer("spec", "progressDeadlineSeconds") is { } deadline
            && deadline <= (write.Object.Integer("spec", "minReadySeconds") ?? 0))
            yield return Errors.Invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
    }

    static bool IsZero(JsonNode? value) => value.AsInteger() == 0 || value.AsText() is "0%";
}
