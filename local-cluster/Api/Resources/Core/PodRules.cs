using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Validation;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Resources.Core;

/// <summary>What is particular to pods.</summary>
internal static class PodRules
{
    const string Unchangeable = "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, " +
        "`spec.activeDeadlineSeconds`, `spec.tolerations` (only additions to existing tolerations), " +
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static KindRules Rules { get; } = new()
    {
        Default = PodDefaults.Pod,
        Prepare = Prepare,
        Validate = Validate,
        Table = PodTable.Layout,
        Generation = true,
        Fields = new Dictionary<string, Func<JsonObject, string?>>(StringComparer.Ordinal)
        {
            ["spec.nodeName"] = pod => pod.Text("spec", "nodeName"),
            ["spec.restartPolicy"] = pod => pod.Text("spec", "restartPolicy"),
            ["spec.schedulerName"] = pod => pod.Text("spec", "schedulerName"),
            ["spec.serviceAccountName"] = pod => pod.Text("spec", "serviceAccountName"),
            ["spec.hostNetwork"] = pod => pod.Flag("spec", "hostNetwork") == true ? "true" : "false",
            ["status.phase"] = pod => pod.Text("status", "phase"),
            ["status.podIP"] = pod => pod.Text("status", "podIP"),
            ["status.podIPs"] = pod => string.Join(',', pod.Objects("status", "podIPs").Select(one => one.Text("ip"))),
            ["status.nominatedNodeName"] = pod => pod.Text("status", "nominatedNodeName"),
        },
    };

    static void Prepare(Write write)
    {
        if (write.Old is null && write.Object.Object("spec") is { } spec)
            write.Object.Ensure("status")["qosClass"] = QualityOfService.Of(spec);
    }

    static IEnumerable<FieldError> Validate(Write write)
    {
        foreach (var error in PodSpecValidation.Check(write.Object.Object("spec") ?? [], "spec"))
            yield return error;
        if (write.Old is not null && write.Subresource != "binding" && !Tree.Same(Fixed(write.Old), Fixed(write.Object)))
            yield return Errors.Forbidden("spec", Unchangeable);
    }

    /// <summary>The spec without what may change in a pod that exists.</summary>
    static JsonObject Fixed(JsonObject pod)
    {
        var spec = (pod.Object("spec") ?? []).Copy();
        foreach (var name in new[] { "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "ephemeralContainers" })
            spec.Remove(name);
        foreach (var container in PodDefaults.Containers(spec))
            container.Remove("image");
        return spec;
    }
}
