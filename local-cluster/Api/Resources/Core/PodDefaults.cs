using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Types;

namespace Sluice.LocalCluster.Api.Resources.Core;

/// <summary>Defaults of pods that depend on more than one field; the others are declared with the types.</summary>
internal static class PodDefaults
{
    static readonly string[] SourceFields = [.. TypeTable.BuiltIn["core.VolumeSource"].Fields.Select(field => field.Name)];

    static readonly string[] LostNode = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    /// <summary>Of a pod and of every pod template.</summary>
    public static void Spec(JsonObject? spec)
    {
        if (spec is null)
            return;
        spec.SetDefault("securityContext", () => new JsonObject());
        foreach (var container in Containers(spec))
        {
            container.SetDefault("imagePullPolicy", () => PullPolicy(container.Text("image") ?? ""));
        }

        foreach (var volume in spec.Objects("volumes"))
        {
            if (!SourceFields.Any(volume.ContainsKey))
                volume["emptyDir"] = new JsonObject();
            if (volume.Object("image") is { } image)
                image.SetDefault("pullPolicy", () => PullPolicy(image.Text("reference") ?? ""));
        }
    }

    /// <summary>Of pods alone, not of templates; with what the admission plugins of every cluster put in.</summary>
    public static void Pod(JsonObject pod)
    {
        if (pod.Object("spec") is not { } spec)
            return;
        Spec(spec);
        spec.SetDefault("enableServiceLinks", () => true);
        spec.SetDefault("serviceAccountName", () => "default");
        spec["serviceAccount"] = spec["serviceAccountName"]!.DeepClone();
        spec.SetDefault("priority", () => 0L);
        spec.SetDefault("preemptionPolicy", () => "PreemptLowerPriority");
        Tolerate(spec);
        foreach (var container in Containers(spec))
        {
            RequestWhatIsLimited(container);
            if (spec.Flag("hostNetwork") == true)
                UseHostPorts(container);
        }
    }

    /// <summary>All containers of a spec: init, ordinary, ephemeral.</summary>
    public static IEnumerable<JsonObject> Containers(JsonObject spec) =>
        spec.Objects("initContainers").Concat(spec.Objects("containers")).Concat(spec.Objects("ephemeralContainers"));

    static JsonNode PullPolicy(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        var pinned = name.Contains('@', StringComparison.Ordinal);
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return !pinned && (colon < 0 || name[(colon + 1)..] == "latest") ? "Always" : "IfNotPresent";
    }

    static void RequestWhatIsLimited(JsonObject container)
    {
        if (container.Object("resources", "limits") is not { } limits)
            return;
        var requests = container.Ensure("resources").Ensure("requests");
        foreach (var (name, limit) in limits)
        {
            if (!requests.ContainsKey(name))
                requests[name] = limit?.DeepClone();
        }
    }

    static void UseHostPorts(JsonObject container)
    {
        foreach (var port in container.Objects("ports"))
            port.SetDefault("hostPort", () => port["containerPort"]!.DeepClone());
    }

    /// <summary>Pods bear a lost node for five minutes.</summary>
    static void Tolerate(JsonObject spec)
    {
        foreach (var key in LostNode)
        {
            if (spec.Objects("tolerations").Any(one => one.Text("key") is null or "" || one.Text("key") == key))
                continue;
            if (spec["tolerations"] is not JsonArray tolerations)
                spec["tolerations"] = tolerations = [];
            tolerations.Add((JsonNode)new JsonObject
            {
                ["key"] = key,
                ["operator"] = "Exists",
                ["effect"] = "NoExecute",
                ["tolerationSeconds"] = 300L,
            });
        }
    }
}
