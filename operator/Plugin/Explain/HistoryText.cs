using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;
using Sluice.Plugin.Rendering;
using Sluice.Plugin.Status;

namespace Sluice.Plugin.Explain;

/// <summary>The attempts of a service, the latest first.</summary>
internal sealed record History
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<Attempt> Attempts { get; init; }

    public static History Of(InferenceService service)
    {
        var status = service.Status;
        var ended = (status?.History ?? []).Select(static h => new Attempt
        {
            Number = h.Attempt,
            Version = h.Version,
            Revision = h.Revision,
            Digest = h.Digest,
            Outcome = h.Outcome,
            StartedTime = h.StartedTime,
            FinishedTime = h.FinishedTime,
            Reason = h.Reason,
            Message = h.Message,
        });
        return new History
        {
            Namespace = service.Metadata.Namespace ?? "",
            Name = service.Metadata.Name ?? "",
            Attempts = status is { Candidate: { } candidate, Rollout: { } rollout } ? [Running(candidate, rollout), .. ended] : [.. ended],
        };
    }

    static Attempt Running(RevisionStatus candidate, RolloutStatus rollout) => new()
    {
        Number = rollout.Attempt ?? 0,
        Version = candidate.Version,
        Revision = candidate.Revision,
        Digest = candidate.Digest,
        Outcome = "",
        StartedTime = rollout.StartedTime,
        Message = rollout.NextAction,
    };
}

/// <summary>One attempt to go from stable to a candidate.</summary>
internal sealed record Attempt
{
    public required int Number { get; init; }

    public string? Version { get; init; }

    public required string Revision { get; init; }

    public string? Digest { get; init; }

    /// <summary>Promoted, RolledBack, Aborted or Superseded; empty while it is under way.</summary>
    public required string Outcome { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StartedTime { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? FinishedTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}

/// <summary>The attempts as a table.</summary>
internal static class HistoryText
{
    public static string Render(History history, DateTimeOffset now, Palette palette)
    {
        if (history.Attempts.Count == 0)
            return $"{history.Namespace}/{history.Name}: no rollout has begun yet.\n";
        var text = new StringBuilder();
        var table = new Table();
        table.Add("ATTEMPT", "VERSION", "DIGEST", "OUTCOME", "STARTED", "TOOK", "WHY");
        foreach (var a in history.Attempts)
        {
            var outcome = a.Outcome.Length == 0 ? "under way" : a.Outcome;
            table.Add(
                a.Number.ToString(CultureInfo.InvariantCulture), a.Version ?? a.Revision, StatusScreen.Short(a.Digest),
                new Cell(outcome, Painted(outcome, palette)),
                a.StartedTime is { } started ? Spans.Clock(started) : "",
                a.StartedTime is { } start ? Spans.Of((a.FinishedTime ?? now) - start) : "",
                a.Reason is null ? a.Message : $"{a.Reason}: {a.Message}");
        }

        table.WriteTo(text);
        return text.ToString();
    }

    static string Painted(string outcome, Palette palette) => outcome switch
    {
        "Promoted" => palette.Good(outcome),
        "RolledBack" or "Aborted" => palette.Bad(outcome),
        _ => palette.Busy(outcome),
    };
}
