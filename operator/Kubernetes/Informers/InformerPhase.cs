using System.Text.Json;
using Sluice.Kubernetes.Client;

namespace Sluice.Kubernetes.Informers;

/// <summary>Where an informer is; <see cref="Informer{T}"/> holds the table of transitions.</summary>
internal enum InformerPhase
{
    Empty,
    Listing,
    Listed,
    Watching,
}

/// <summary>What to do after an error. A null wait means the backoff decides.</summary>
internal readonly record struct Recovery(InformerPhase Next, TimeSpan? Wait, string Reason)
{
    /// <summary>The error column of the table of transitions.</summary>
    public static Recovery From(InformerPhase phase, Exception error)
    {
        var watching = phase is InformerPhase.Listed or InformerPhase.Watching;
        var same = watching ? InformerPhase.Listed : InformerPhase.Empty;
        return error switch
        {
            KubeApiException { IsGone: true } when phase != InformerPhase.Empty =>
                new Recovery(InformerPhase.Empty, TimeSpan.Zero, "gone"),
            KubeApiException { IsThrottled: true, RetryAfter: { } wait } => new Recovery(same, wait, "throttled"),
            KubeApiException { IsThrottled: true } => new Recovery(same, null, "throttled"),
            KubeApiException => new Recovery(same, null, "refused"),
            // A whole line that is no event: what it should have said is lost, only a list brings it back.
            InvalidDataException or JsonException => new Recovery(InformerPhase.Empty, null, "garbled"),
            VeryShortWatchException => new Recovery(same, null, "very short"),
            TimeoutException => new Recovery(same, null, "silent"),
            _ => new Recovery(same, null, "broken"),
        };
    }
}

/// <summary>A watch that ended at once and empty.</summary>
internal sealed class VeryShortWatchException(string kind)
    : Exception($"The watch of {kind} ended at once and without an event.");
