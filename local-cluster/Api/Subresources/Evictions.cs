using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Operations;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Selection;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Types;

namespace Sluice.LocalCluster.Api.Subresources;

/// <summary><c>pods/eviction</c>: a deletion that asks the disruption budgets first.</summary>
internal sealed class Evictions(ApiState state, ResourceHandler resources)
{
    public async Task RunAsync(Call call)
    {
        if (call.Request.Method != "POST")
            throw ApiException.MethodNotAllowed();
        var body = await Body.ReadAsync(call.Request, call.Stop);
        var eviction = body.Length == 0 ? [] : Body.Object(call.Request, body, TypeTable.BuiltIn["policy.Eviction"], new Reading());
        var request = call.Write(WriteOptions.Of(call.Request)) with { Subresource = "" };
        var pod = call.Kind.Objects.Find(request.Key) ?? throw call.NotFound();
        var options = DeleteOptions.Of(eviction.Object("deleteOptions"), call.Request);
        if (!IsOver(pod.Value) && Budget(pod) is { } budget)
            Spend(budget, pod, call, options.DryRun);
        resources.Deleting.Delete(request, options);
        await Answers.JsonAsync(call.Context, 201, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        });
    }

    static bool IsOver(JsonObject pod) => pod.Text("status", "phase") is "Succeeded" or "Failed" or "Pending"
        || pod.At("metadata", "deletionTimestamp") is not null;

    StoredObject? Budget(StoredObject pod)
    {
        var all = state.Kind("policy", "poddisruptionbudgets").Objects.Objects.Values
            .Where(budget => budget.Namespace == pod.Namespace
                && budget.Value.Object("spec", "selector") is { } selector && LabelSelector.Of(selector).Matches(pod.Labels))
            .ToList();
        return all.Count <= 1 ? all.FirstOrDefault() : throw new ApiException(500, "InternalError",
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
    }

    void Spend(StoredObject budget, StoredObject pod, Call call, bool dryRun)
    {
        var kind = state.Kind("policy", "poddisruptionbudgets");
        var request = new WriteRequest(kind, "v1", budget.Namespace, budget.Name, "status",
            new WriteOptions(dryRun, "kube-apiserver", Force: false, FieldValidation.Ignore), state.Now);
        resources.Writing.Change(request, live =>
        {
            var allowed = live.Integer("status", "disruptionsAllowed") ?? 0;
            if (allowed <= 0 || (live.Integer("status", "observedGeneration") ?? 0) < (live.Integer("metadata", "generation") ?? 0))
                throw Refusal(live!);
            var next = live!.Copy();
            var status = next.Ensure("status");
            status["disruptionsAllowed"] = allowed - 1;
            status.Ensure("disruptedPods")[pod.Name] = Scalars.Instant(call.State.Now);
            Writing.Track(request, live!, next);
            return next;
        });
    }

    static ApiException Refusal(JsonObject budget) => new(429, "TooManyRequests",
        "Cannot evict pod as it would violate the pod's disruption budget.", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "DisruptionBudget",
                ["message"] = $"The disruption budget {budget.Text("metadata", "name")} needs {budget.Integer("status", "desiredHealthy") ?? 0} " +
                    $"healthy pods and has {budget.Integer("status", "currentHealthy") ?? 0} currently",
            }),
        });
}
