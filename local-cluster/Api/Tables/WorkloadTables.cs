using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Types;
using static Sluice.LocalCluster.Api.Tables.TableLayout;

namespace Sluice.LocalCluster.Api.Tables;

/// <summary>The tables of Deployments, Jobs and what scales and guards them.</summary>
internal static class WorkloadTables
{
    static readonly string[] UnfinishedJob = ["Suspended", "FailureTarget", "SuccessCriteriaMet"];

    static readonly string[] Template = ["spec", "template"];

    public static TableLayout Deployments { get; } = Of(
        Text("Ready", "Pods that are ready, of those wanted.", row => $"{row.Count("status", "readyReplicas")}/{row.Count("spec", "replicas")}"),
        Text("Up-to-date", "Pods of the newest template.", row => row.Count("status", "updatedReplicas")),
        Text("Available", "Pods that have been ready for long enough.", row => row.Count("status", "availableReplicas")),
        Age, Containers(Template), Images(Template), Selector("spec", "selector"));

    public static TableLayout ReplicaSets { get; } = Of(
        Number("Desired", "Pods wanted.", row => row.Count("spec", "replicas")),
        Number("Current", "Pods there are.", row => row.Count("status", "replicas")),
        Number("Ready", "Pods that are ready.", row => row.Count("status", "readyReplicas")),
        Age, Containers(Template), Images(Template), Selector("spec", "selector"));

    public static TableLayout ControllerRevisions { get; } = Of(
        Text("Controller", "Who made it.", Controller),
        Text("Revision", "Its number.", row => row.Count("revision")), Age);

    public static TableLayout Jobs { get; } = Of(
        Text("Status", "How the job stands.", JobStatus),
        Text("Completions", "Pods that succeeded, of those wanted.", Completions),
        Text("Duration", "How long it took.", Duration),
        Age, Containers(Template), Images(Template), Selector("spec", "selector"));

    static readonly string[] JobTemplate = ["spec", "jobTemplate", "spec", "template"];

    public static TableLayout CronJobs { get; } = Of(
        Text("Schedule", "When it runs.", row => row.Text("spec", "schedule")),
        Text("Timezone", "The time zone of the schedule.", row => row.TextOr("<none>", "spec", "timeZone")),
        (new Column("Suspend", "boolean", "Whether it is held."), row => row.Object.Flag("spec", "suspend") is { } held ? held ? "True" : "False" : "<unset>"),
        Number("Active", "Jobs that run now.", row => row.Object.Array("status", "active")?.Count ?? 0),
        Text("Last Schedule", "When it ran last.", row => row.Text("status", "lastScheduleTime").Length > 0 ? row.Since("status", "lastScheduleTime") : "<none>"),
        Age, Containers(JobTemplate), Images(JobTemplate), Selector("spec", "jobTemplate", "spec", "selector"));

    public static TableLayout Autoscalers { get; } = Of(
        Text("Reference", "What it scales.", row => $"{row.Text("spec", "scaleTargetRef", "kind")}/{row.Text("spec", "scaleTargetRef", "name")}"),
        Text("Targets", "Measured and wanted values.", row => MetricTargets.Show(row.Object)),
        Text("MinPods", "The least number of pods.", row => row.Object.Integer("spec", "minReplicas")?.ToString(CultureInfo.InvariantCulture) ?? "<unset>"),
        Text("MaxPods", "The greatest number of pods.", row => row.Count("spec", "maxReplicas")),
        Text("Replicas", "The present number of pods.", row => row.Count("status", "currentReplicas")), Age);

    public static TableLayout DisruptionBudgets { get; } = Of(
        Text("Min Available", "Pods that must stay available.", row => Scalar(row.Object.At("spec", "minAvailable"))),
        Text("Max Unavailable", "Pods that may be unavailable.", row => Scalar(row.Object.At("spec", "maxUnavailable"))),
        Number("Allowed Disruptions", "Pods that may be disrupted now.", row => row.Count("status", "disruptionsAllowed")), Age);

    public static TableLayout Leases { get; } = Of(Text("Holder", "Who holds it.", row => row.Text("spec", "holderIdentity")), Age);

    public static TableLayout NetworkPolicies { get; } = Of(
        Text("Pod-Selector", "The pods that it is for.", row => LabelSelectors.Show(row.Object.Object("spec", "podSelector") ?? [])), Age);

    public static TableLayout RoleBindings { get; } = Of(
        Text("Role", "The role that it grants.", row => $"{row.Text("roleRef", "kind")}/{row.Text("roleRef", "name")}"),
        Age, Subjects("Users", "User"), Subjects("Groups", "Group"), Subjects("ServiceAccounts", "ServiceAccount"));

    static (Column, Func<Row, JsonNode?>) Containers(string[] template) => Wide("Containers", "The names of its containers.",
        row => string.Join(',', row.Object.At(template).Objects("spec", "containers").Select(one => one.Text("name"))));

    static (Column, Func<Row, JsonNode?>) Images(string[] template) => Wide("Images", "The images of its containers.",
        row => string.Join(',', row.Object.At(template).Objects("spec", "containers").Select(one => one.Text("image"))));

    static (Column, Func<Row, JsonNode?>) Selector(params string[] path) => Wide("Selector", "The labels of its pods.",
        row => row.Object.Object(path) is { } selector ? LabelSelectors.Show(selector) : "<none>");

    static (Column, Func<Row, JsonNode?>) Subjects(string name, string kind) => Wide(name, $"Subjects of kind {kind}.",
        row => string.Join(", ", row.Object.Objects("subjects").Where(one => one.Text("kind") == kind)
            .Select(one => kind == "ServiceAccount" ? $"{one.Text("namespace")}/{one.Text("name")}" : one.Text("name"))));

    static string Scalar(JsonNode? value) => value.AsText() ?? value.AsInteger()?.ToString(CultureInfo.InvariantCulture) ?? "N/A";

    static JsonNode? Controller(Row row)
    {
        var owner = row.Object.Objects("metadata", "ownerReferences").FirstOrDefault(one => one.Flag("controller") == true);
        if (owner is null)
            return "<none>";
        var group = (owner.Text("apiVersion") ?? "").Split('/') is [var name, _] ? "." + name : "";
        return $"{owner.Text("kind")?.ToLowerInvariant()}{group}/{owner.Text("name")}";
    }

    static JsonNode? JobStatus(Row row)
    {
        bool Has(string type) => row.Object.Objects("status", "conditions").Any(one => one.Text("type") == type && one.Text("status") == "True");
        return Has("Complete") ? "Complete"
            : Has("Failed") ? "Failed"
            : row.IsDeleted ? "Terminating"
            : UnfinishedJob.FirstOrDefault(Has) ?? "Running";
    }

    static JsonNode? Completions(Row row)
    {
        var succeeded = row.Count("status", "succeeded");
        if (row.Object.Integer("spec", "completions") is { } wanted)
            return $"{succeeded}/{wanted}";
        return row.Count("spec", "parallelism") is > 1 and var parallel ? $"{succeeded}/1 of {parallel}" : $"{succeeded}/1";
    }

    static JsonNode? Duration(Row row)
    {
        if (Scalars.ParseInstant(row.Text("status", "startTime")) is not { } start)
            return "";
        return Ages.Show((Scalars.ParseInstant(row.Text("status", "completionTime")) ?? row.Now) - start);
    }
}
