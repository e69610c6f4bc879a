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
    readonly ConcurrentDictionary<(ObjectKey Service, ReactionKind Kind), (DateTimeOffset Of, int Attempts, DateTimeOffset Next)> failures = new();

    public void Forget(ObjectKey service)
    {
        foreach (var kind in ReactionKind.All)
            failures.TryRemove((service, kind), out _);
    }

    public async Task<ReactionsTaken> CarryOutAsync(InferenceService service, Fence fence, CancellationToken cancel) => new(
        await CarryOutAsync(ReactionKind.Drift, service, fence, cancel), await CarryOutAsync(ReactionKind.QualityDrop, service, fence, cancel));

    async Task<ReactionStatus?> CarryOutAsync(ReactionKind kind, InferenceService service, Fence fence, CancellationToken cancel)
    {
        if (kind.LastOf(service) is not { } reaction || kind.WishedBy(service) is not { } wished)
            return kind.LastOf(service);
        // What is no longer asked for is not made up for.
        reaction = reaction with { Job = wished.JobTemplate is null && reaction.JobStarted is not true ? null : reaction.Job, EventId = wished.Url is null && reaction.EventSent is not true ? null : reaction.EventId };
        var now = time.GetUtcNow();
        if (!reaction.IsPending || (failures.TryGetValue((service.Key, kind), out var failed) && failed.Of == reaction.Time && now < failed.Next))
            return reaction;
        await fence.ConfirmAsync(cancel);
        reaction = reaction with { Problem = null };
        if (reaction is { Job: not null, JobStarted: not true })
            reaction = await StartAsync(kind, service, reaction, wished, cancel);
        if (reaction is { EventId: not null, EventSent: not true })
            reaction = await SendAsync(kind, service, reaction, wished.Url!, cancel);
        if (reaction.IsPending)
            Failed((service.Key, kind), reaction.Time, now);
        else
            failures.TryRemove((service.Key, kind), out _);
        return reaction;
    }

    async Task<ReactionStatus> StartAsync(ReactionKind kind, InferenceService service, ReactionStatus reaction, ReactionSpec wished, CancellationToken cancel)
    {
        var template = wished.JobTemplate!.Value;
        if (ReactionJobFor.Problem(template) is { } problem)
            return reaction with { Problem = $"{kind.Field}.jobTemplate: {problem}." };
        try
        {
            await client.CreateAsync(ReactionJobFor.Render(kind, service, reaction, template), fieldManager: FieldManagers.Objects, cancel: cancel);
            return reaction with { JobStarted = true };
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            return reaction with { JobStarted = true };
        }
        catch (KubeApiException e) when (e.IsInvalid || e.IsForbidden)
        {
            return reaction with { Problem = $"Job '{reaction.Job}' cannot be created from {kind.Field}.jobTemplate: {e.Status?.Message ?? e.Message}" };
        }
    }

    async Task<ReactionStatus> SendAsync(ReactionKind kind, InferenceService service, ReactionStatus reaction, string url, CancellationToken cancel) =>
        await sink.SendAsync(url, kind, service, reaction, cancel) is { } problem
            ? reaction with { Problem = reaction.Problem is { } other ? $"{other} {problem}." : $"The CloudEvent could not be delivered: {problem}." }
            : reaction with { EventSent = true };

    void Failed((ObjectKey Service, ReactionKind Kind) what, DateTimeOffset of, DateTimeOffset now) => failures.AddOrUpdate(
        what,
        _ => (of, 1, now + FirstPause),
        (_, before) => before.Of == of
            ? (of, before.Attempts + 1, now + TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(before.Attempts, 10))))
            : (of, 1, now + FirstPause));
}
