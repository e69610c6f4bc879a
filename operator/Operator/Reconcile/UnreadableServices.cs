using System.Text.Json;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Events;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Hosting;

namespace Sluice.Operator.Reconcile;

/// <summary>
/// An InferenceService that cannot be read is not acted upon: what serves goes on as it is. People are told by the log,
/// an Event, and, where its status can be read, the condition Stalled.
/// </summary>
internal sealed class UnreadableServices(KubeClient client, EventRecorder events, ILogger log, TimeProvider time)
{
    public async Task ReportAsync(BrokenObject broken, CancellationToken cancel)
    {
        Log.Unreadable(log, broken.Key, broken.Error);
        JsonElement json;
        try
        {
            json = await client.GetAsync(InferenceService.Kind, broken.Key, cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return;
        }

        var message = $"{broken.Error} Nothing is changed until it can be read; what serves goes on.";
        var patch = Patch(json, broken, message);
        if (patch is not null)
            await client.ApplyAsync(patch, StatusWriter.Options, cancel);
        events.Warning(new Unnamed(InferenceService.Kind, Meta(broken)), Reasons.Unreadable, "Decode", message);
    }

    /// <summary>Null when nothing changes, or when status is what cannot be read.</summary>
    InferenceServiceStatusPatch? Patch(JsonElement json, BrokenObject broken, string message)
    {
        try
        {
            var status = json.TryGetProperty("status", out var present)
                ? present.Deserialize(ApiJson.Default.InferenceServiceStatus) ?? new InferenceServiceStatus()
                : new InferenceServiceStatus();
            var stalled = new Condition
            {
                Type = ConditionTypes.Stalled,
                Status = ConditionStatus.True,
                Reason = Reasons.Unreadable,
                Message = message,
                ObservedGeneration = status.ObservedGeneration,
            };
            if (ConditionList.Find(status.Conditions, stalled.Type) is { } old && old.Status == stalled.Status && old.Message == message)
                return null;
            return new InferenceServiceStatusPatch
            {
                Metadata = Meta(broken),
                Status = status with { Conditions = ConditionList.Set(status.Conditions, stalled, time.GetUtcNow()) },
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static ObjectMeta Meta(BrokenObject broken) => new() { Name = broken.Key.Name, Namespace = broken.Key.Namespace, Uid = broken.Uid };

    sealed record Unnamed(ResourceKind ResourceKind, ObjectMeta Metadata) : IKubeObject;
}
