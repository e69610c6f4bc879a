using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Plugin.Rendering;
using Sluice.Plugin.Status;

namespace Sluice.Plugin.Explain;

/// <summary>The last decision and what it rests on: from the status, the record, and what was told in Events.</summary>
internal sealed record Why
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>What is being done now.</summary>
    public required string Decision { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? Due { get; init; }

    /// <summary>The facts it rests on: every condition, those that hold it back first.</summary>
    public required IReadOnlyList<Condition> Facts { get; init; }

    public IReadOnlyList<GateEvidence>? Gates { get; init; }

    /// <summary>The attempt that ended last, when none is under way.</summary>
    public RolloutHistoryEntry? LastAttempt { get; init; }

    public IReadOnlyList<string>? BlockedDigests { get; init; }

    /// <summary>What the operator wrote down of the attempt under way, or of the last one.</summary>
    public Recorded? Record { get; init; }

    /// <summary>What was told lately, the latest first.</summary>
    public required IReadOnlyList<Told> Told { get; init; }

    public static Why Of(InferenceService service, Recorded? record, IReadOnlyList<Event> events)
    {
        var status = service.Status;
        var seen = status?.ObservedGeneration == service.Metadata.Generation;
        return new Why
        {
            Namespace = service.Metadata.Namespace ?? "",
            Name = service.Metadata.Name ?? "",
            Decision = status?.Rollout?.NextAction is { } next && seen ? next : ServiceState.Of(service).Why,
            Due = status?.Rollout?.NextTime,
            Facts = [.. (status?.Conditions ?? []).OrderBy(Rank).ThenBy(static c => c.Type, StringComparer.Ordinal)],
            Gates = status?.Rollout?.Evidence is { Count: > 0 } gates ? gates : null,
            LastAttempt = status?.Candidate is null ? status?.History?.FirstOrDefault() : null,
            BlockedDigests = status?.Rollout?.BlockedDigests,
            Record = record,
            Told = [.. events.Where(e => IsAbout(e, service)).Select(Explain.Told.Of).OrderByDescending(static t => t.Time).Take(8)],
        };
    }

    /// <summary>What is in the way, then what waits, then what is well.</summary>
    static int Rank(Condition condition) => condition switch
    {
        { Type: ConditionTypes.Stalled, Status: ConditionStatus.True } => 0,
        { Type: ConditionTypes.ApprovalRequired or ConditionTypes.Paused, Status: ConditionStatus.True } => 1,
        { Type: ConditionTypes.GatesPassed, Status: not ConditionStatus.True } => 2,
        { Type: ConditionTypes.Stalled or ConditionTypes.Reconciling } => 4,
        { Status: not ConditionStatus.True } => 3,
        _ => 5,
    };

    static bool IsAbout(Event e, InferenceService service) => e.Regarding is { Kind: "InferenceService" } about
        && about.Name == service.Metadata.Name && (about.Uid is null || about.Uid == service.Metadata.Uid);
}

/// <summary>One Event.</summary>
/// <param name="Time">When it was told last.</param>
internal sealed record Told(DateTimeOffset? Time, string Type, string Reason, string Note, int Count)
{
    public static Told Of(Event e) =>
        new(e.Series?.LastObservedTime ?? e.EventTime ?? e.Metadata.CreationTimestamp, e.Type ?? "Normal", e.Reason ?? "", e.Note ?? "", e.Series?.Count ?? 1);
}

/// <summary>The explanation as text.</summary>
internal static class WhyText
{
    const int LatestDecisions = 5;

    public static string Render(Why why, DateTimeOffset now, Palette palette, int width)
    {
        var text = new StringBuilder();
        text.Append(palette.Strong($"{why.Namespace}/{why.Name}")).Append('\n');
        StatusScreen.Field(text, "decision", why.Decision, width);
        if (why.Due is { } due)
            StatusScreen.Field(text, "", $"due at {Spans.Clock(due)}, {Spans.In(due, now)}", width);
        if (why.LastAttempt is { } last)
            LastAttempt(text, last, now, width);
        foreach (var digest in why.BlockedDigests ?? [])
            StatusScreen.Field(text, "blocked", $"{digest}: 'kubectl sluice retry {why.Name} -n {why.Namespace}' lets it try again", width);
        Because(text, why, now, palette, width);
        if (why.Record is { Decisions.Count: > 0 } record)
        {
            text.Append('\n');
            RecordedText.Append(text, record, LatestDecisions, palette, width);
        }

        if (why.Told.Count > 0)
            Events(text, why, now, palette, width);
        return text.ToString();
    }

    static void LastAttempt(StringBuilder text, RolloutHistoryEntry last, DateTimeOffset now, int width)
    {
        var ended = last.FinishedTime is { } time ? $" {Spans.Ago(time, now)}" : "";
        StatusScreen.Field(text, "last", string.Create(CultureInfo.InvariantCulture, $"attempt {last.Attempt}, {last.Version ?? last.Revision}: {last.Outcome}{ended}. {last.Reason}{(last.Reason is null ? "" : ": ")}{last.Message}"), width);
    }

    static void Because(StringBuilder text, Why why, DateTimeOffset now, Palette palette, int width)
    {
        text.Append('\n').Append(palette.Faint("BECAUSE")).Append('\n');
        foreach (var gate in why.Gates ?? [])
        {
            var samples = gate.Samples is { } count ? string.Create(CultureInfo.InvariantCulture, $" after {count} requests") : "";
            StatusScreen.Field(text, "gate", $"{gate.Gate} is {gate.Verdict}{samples}: {gate.Message}", width);
        }

        foreach (var fact in why.Facts)
        {
            var since = fact.LastTransitionTime is { } time ? $" for {Spans.Of(now - time)}" : "";
            // What the decision says already is not said again.
            StatusScreen.Field(text, "fact", $"{fact.Type} is {fact.Status}{since} ({fact.Reason}){(fact.Message == why.Decision ? "" : $": {fact.Message}")}", width);
        }
    }

    static void Events(StringBuilder text, Why why, DateTimeOffset now, Palette palette, int width)
    {
        text.Append('\n').Append(palette.Faint("TOLD")).Append('\n');
        foreach (var told in why.Told)
        {
            var count = told.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({told.Count} times)") : "";
            var label = told.Time is { } time ? Spans.Ago(time, now) : "";
            StatusScreen.Field(text, label, $"{(told.Type == "Warning" ? "Warning " : "")}{told.Reason}{count}: {told.Note}", width);
        }
    }
}
