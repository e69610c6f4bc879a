using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;
using Sluice.Plugin.Rendering;
using Sluice.Plugin.Status;
using Sluice.Rollouts.Records;

namespace Sluice.Plugin.Explain;

/// <summary>The record of an attempt, told to people: what was decided when, and on what the gates said.</summary>
internal sealed record Recorded
{
    public required int Attempt { get; init; }

    /// <summary>Who served when it began.</summary>
    public required string Stable { get; init; }

    public required string Candidate { get; init; }

    /// <summary>In the order in which they were taken.</summary>
    public required IReadOnlyList<Decided> Decisions { get; init; }

    /// <summary>How many the record has no room for.</summary>
    public required int Omitted { get; init; }

    public static Recorded Of(AttemptRecord record) => new()
    {
        Attempt = record.Attempt,
        Stable = record.Stable.Title,
        Candidate = record.Candidate.Title,
        Decisions = [.. record.Decisions.Select(Decided.Of)],
        Omitted = record.Omitted,
    };
}

/// <summary>One decision.</summary>
internal sealed record Decided
{
    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>How often it was taken in a row, until <see cref="Last"/>.</summary>
    public required long Times { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset Last { get; init; }

    /// <summary>The stage it led to, or the outcome; absent when nothing is under way any more.</summary>
    public string? Stage { get; init; }

    public int? Step { get; init; }

    public required string NextAction { get; init; }

    /// <summary>What the gates said.</summary>
    public IReadOnlyList<GateEvidence>? Gates { get; init; }

    public static Decided Of(RecordedDecision recorded) => new()
    {
        Time = recorded.Time,
        Times = recorded.Times,
        Last = recorded.Last,
        Stage = recorded.Decision.State.Stage?.ToString() ?? recorded.Decision.State.Outcome?.ToString(),
        Step = recorded.Decision.State.Step,
        NextAction = recorded.Decision.NextAction,
        Gates = recorded.Judged is not { Findings: { Length: > 0 } findings } ? null
            : [.. findings.Select(static f => new GateEvidence { Gate = f.Gate, Verdict = f.Verdict.ToString(), Samples = f.Samples, Message = f.Message })],
    };
}

/// <summary>Decisions as text.</summary>
internal static class RecordedText
{
    /// <param name="latest">How many of the latest decisions are shown.</param>
    public static void Append(StringBuilder text, Recorded record, int latest, Palette palette, int width)
    {
        text.Append(palette.Faint("DECIDED")).Append(string.Create(CultureInfo.InvariantCulture, $" in attempt {record.Attempt}, {record.Candidate} for {record.Stable}\n"));
        var left = Math.Max(record.Decisions.Count - latest, 0);
        if (left > 0)
            StatusScreen.Field(text, "", string.Create(CultureInfo.InvariantCulture, $"after {left} others, which 'history --attempt {record.Attempt}' shows"), width);
        if (record.Omitted > 0)
            StatusScreen.Field(text, "", string.Create(CultureInfo.InvariantCulture, $"the record had no room for {record.Omitted} more"), width);
        foreach (var decision in record.Decisions.TakeLast(latest))
            Append(text, decision, palette, width);
    }

    static void Append(StringBuilder text, Decided decision, Palette palette, int width)
    {
        var step = decision.Step is { } number ? string.Create(CultureInfo.InvariantCulture, $" step {number}") : "";
        var times = decision.Times > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({decision.Times} times, for {Spans.Of(decision.Last - decision.Time)})") : "";
        StatusScreen.Field(text, decision.Time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture), $"{decision.Stage ?? "Resting"}{step}: {decision.NextAction}{times}", width);
        foreach (var gate in decision.Gates ?? [])
        {
            var verdict = gate.Verdict switch { "Pass" => palette.Good(gate.Verdict), "Fail" => palette.Bad(gate.Verdict), _ => palette.Busy(gate.Verdict) };
            text.Append(' ', 13).Append(gate.Gate).Append(' ').Append(verdict).Append(": ").Append(gate.Message).Append('\n');
        }
    }

    public static string Render(Recorded record, Palette palette, int width)
    {
        var text = new StringBuilder();
        Append(text, record, int.MaxValue, palette, width);
        return text.ToString();
    }
}
