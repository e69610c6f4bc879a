using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources.Core;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Validation;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Resources.Workloads;

/// <summary>What is particular to Jobs and CronJobs.</summary>
internal static class JobRules
{
    static readonly string[] UidLabels = ["batch.kubernetes.io/controller-uid", "controller-uid"];
    static readonly string[] NameLabels = ["batch.kubernetes.io/job-name", "job-name"];

    public static KindRules Jobs => new()
    {
        Default = DefaultJob,
        Prepare = Select,
        Validate = ValidateJob,
        Table = WorkloadTables.Jobs,
        Generation = true,
        Fields = new Dictionary<string, Func<JsonObject, string?>>(StringComparer.Ordinal)
        {
            ["status.successful"] = job => (job.Integer("status", "succeeded") ?? 0).ToString(),
        },
    };

    public static KindRules CronJobs => new()
    {
        Default = cron => PodDefaults.Spec(cron.Object("spec", "jobTemplate", "spec", "template", "spec")),
        Validate = write => Pods(write.Object.Object("spec", "jobTemplate", "spec", "template", "spec") ?? [], "spec.jobTemplate.spec.template.spec"),
        Table = WorkloadTables.CronJobs,
        Generation = true,
    };

    static void DefaultJob(JsonObject job)
    {
        if (job.Object("spec") is not { } spec)
            return;
        if (spec["completions"] is null && spec["parallelism"] is null)
            spec["completions"] = 1L;
        spec.SetDefault("parallelism", () => 1L);
        spec.SetDefault("podReplacementPolicy", () => spec.Object("podFailurePolicy") is null ? "TerminatingOrFailed" : "Failed");
        spec.SetDefault("manualSelector", () => false);
        PodDefaults.Spec(spec.Object("template", "spec"));
        if (spec.Object("template", "metadata", "labels") is { Count: > 0 } labels && job.Object("metadata", "labels") is not { Count: > 0 })
            job.Ensure("metadata")["labels"] = labels.DeepClone();
    }

    /// <summary>A Job finds its pods by its own uid, unless its author selects them.</summary>
    static void Select(Write write)
    {
        if (write.Old is not null || write.Object.Object("spec") is not { } spec || spec.Flag("manualSelector") == true)
            return;
        var (uid, name) = (write.Object.Text("metadata", "uid") ?? "", write.Object.Text("metadata", "name") ?? "");
        var labels = spec.Ensure("template").Ensure("metadata").Ensure("labels");
        foreach (var label in UidLabels)
            labels[label] = uid;
        foreach (var label in NameLabels)
            labels[label] = name;
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [UidLabels[0]] = uid } };
    }

    static IEnumerable<FieldError> ValidateJob(Write write)
    {
        foreach (var error in Pods(write.Object.Object("spec", "template", "spec") ?? [], "spec.template.spec"))
            yield return error;
        if (write.Old is null)
            yield break;
        if (!Tree.Same(write.Old.At("spec", "selector"), write.Object.At("spec", "selector")))
            yield return Errors.Invalid("spec.selector", write.Object.At("spec", "selector")?.DeepClone(), "field is immutable");
        if (!Tree.Same(write.Old.At("spec", "template"), write.Object.At("spec", "template")))
            yield return Errors.Invalid("spec.template", write.Object.At("spec", "template")?.DeepClone(), "field is immutable");
    }

    static IEnumerable<FieldError> Pods(JsonObject spec, string path)
    {
        foreach (var error in PodSpecValidation.Check(spec, path))
            yield return error;
        if (spec.Text("restartPolicy") is "Always")
            yield return Errors.Required($"{path}.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
    }
}
