using System.Collections.Concurrent;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Monitoring;

/// <summary>
/// Carries out what status says is to be done, and tells how far it came. Doing it twice is harmless: the Job's name and
/// the event's id are in status before either is made.
/// </summary>
internal sealed class Reactions(KubeClient client, EventSink sink, TimeProvider time)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>What could not be done, how often it was tried, and when it is tried next.</summary>
    readonly ConcurrentDictionary<ObjectKey, (DateTimeOffset Of, int Attempts, DateTimeOffset Next)> failures = new();

    public void Forget(ObjectKey service) => failures.TryRemove(service, out _);

    public async Task<ReactionStatus?> CarryOutAsync(InferenceService service, Fence fence, CancellationToken cancel)
    {
        if (service.Status?.Monitoring?.Reaction is not { } reaction || service.Spec.Predictor.Monitoring?.OnDrift is not { } wished)
            return service.Status?.Monitoring?.Reaction;
        // What is no longer asked for is not made up for.
        reaction = reaction with { Job = wished.JobTemplate is null && reaction.JobStarted is not true ? null : reaction.Job, EventId = wished.Url is null && reaction.EventSent is not true ? null : reaction.EventId };
        var now = time.GetUtcNow();
        if (!reaction.IsPending || (failures.TryGetValue(service.Key, out var failed) && failed.Of == reaction.Time && now < failed.Next))
            return reaction;
        await fence.ConfirmAsync(cancel);
        reaction = reaction with { Problem = null };
        if (reaction is { Job: not null, JobStarted: not true })
            reaction = await StartAsync(service, reaction, wished, cancel);
        if (reaction is { EventId: not null, EventSent: not true })
            reaction = await SendAsync(service, reaction, wished.Url!, cancel);
        if (reaction.IsPending)
            Failed(service.Key, reaction.Time, now);
        else
            Forget(service.Key);
        return reaction;
    }

    async Task<ReactionStatus> StartAsync(InferenceService service, ReactionStatus reaction, OnDriftSpec wished, CancellationToken cancel)
    {
        var template = wished.JobTemplate!.Value;
        if (ReactionJobFor.Problem(template) is { } problem)
            return reaction with { Problem = $"predictor.monitoring.onDrift.jobTemplate: {problem}." };
        try
        {
            await client.CreateAsync(ReactionJobFor.Render(service, reaction, template), fieldManager: FieldManagers.Objects, cancel: cancel);
            return reaction with { JobStarted = true };
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            return reaction with { JobStarted = true };
        }
        catch (KubeApiException e) when (e.IsInvalid || e.IsForbidden)
        {
            return reaction with { Problem = $"Job '{reaction.Job}' cannot be created from predictor.monitoring.onDrift.jobTemplate: {e.Status?.Message ?? e.Message}" };
        }
    }

    async Task<ReactionStatus> SendAsync(InferenceService service, ReactionStatus reaction, string url, CancellationToken cancel) =>
        await sink.SendAsync(url, service, reaction, cancel) is { } problem
            ? reaction with { Problem = reaction.Problem is { } other ? $"{other} {problem}." : $"The CloudEvent could not be delivered: {problem}." }
            : reaction with { EventSent = true };

    void Failed(ObjectKey service, DateTimeOffset of, DateTimeOffset now) => failures.AddOrUpdate(
        service,
        _ => (of, 1, now + FirstPause),
        (_, before) => before.Of == of
            ? (of, before.Attempts + 1, now + TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(before.Attempts, 10))))
            : (of, 1, now + FirstPause));
}
