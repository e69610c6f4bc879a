using System.Globalization;
using System.Text;
using Sluice.Plugin.Rendering;

namespace Sluice.Plugin.Status;

/// <summary>One screen: what serves, what is on its way, on what evidence, and what happens next.</summary>
internal static class StatusScreen
{
    const int Label = 11;

    public static string Render(StatusView view, DateTimeOffset now, Palette palette, int width)
    {
        var text = new StringBuilder();
        text.Append(palette.Strong($"{view.Namespace}/{view.Name}")).Append("   ").Append(Painted(view.State, palette)).Append('\n');
        Field(text, "", view.Why, width);
        if (view.Url is { } url)
            Field(text, "url", url, width);
        Revisions(text, view, palette);
        if (view.Rollout is { } rollout)
            Rollout(text, view, rollout, now, palette, width);
        Gates(text, view, palette, width);
        Notable(text, view, now, palette, width);
        text.Append('\n');
        Field(text, "next", view.NextAction ?? "Nothing is known yet.", width);
        if (view.NextTime is { } time)
            Field(text, "", $"at {Spans.Clock(time)}, {Spans.In(time, now)}", width);
        return text.ToString();
    }

    static string Painted(string state, Palette palette) => state switch
    {
        "Settled" => palette.Good(state),
        "Stopped" or "NotServing" => palette.Bad(state),
        _ => palette.Busy(state),
    };

    static void Revisions(StringBuilder text, StatusView view, Palette palette)
    {
        if (view.Revisions.Count == 0)
            return;
        text.Append('\n');
        var table = new Table();
        table.Add(Header("", palette), Header("VERSION", palette), Header("REVISION", palette), Header("DIGEST", palette), Header("READY", palette), Header("WANTED", palette), Header("OBSERVED", palette));
        foreach (var r in view.Revisions)
        {
            var ready = string.Create(CultureInfo.InvariantCulture, $"{r.ReadyReplicas}/{r.Replicas}");
            var observed = Spans.Percent(r.WeightObserved);
            table.Add(
                r.Role, r.Version, r.Revision, Short(r.Digest),
                new Cell(ready, r.ReadyReplicas < r.Replicas ? palette.Busy(ready) : ready),
                Spans.Percent(r.WeightWanted) + (r.Copies is { } copies ? $" + copies of {copies} %" : ""),
                new Cell(observed, r.WeightObserved == r.WeightWanted ? observed : palette.Busy(observed)));
        }

        table.WriteTo(text);
    }

    static void Rollout(StringBuilder text, StatusView view, RolloutView rollout, DateTimeOffset now, Palette palette, int width)
    {
        text.Append('\n');
        var attempt = rollout.Attempt is { } number ? $", attempt {number}" : "";
        var started = rollout.StartedTime is { } start ? $", started {Spans.Ago(start, now)}" : "";
        Field(text, "rollout", $"{rollout.Strategy}{attempt}{started}{(rollout.Outcome is { } outcome ? $", {outcome}" : "")}", width);
        if (rollout.Stage is { } stage)
            Field(text, "stage", $"{stage}{(rollout.StageTime is { } since ? $" for {Spans.Of(now - since)}" : "")}", width);
        if (rollout.Leaving is { } leaving)
            Field(text, "leaving", leaving, width);
        if (view.Revisions.Any(static r => r.Role == "candidate"))
            Steps(text, rollout, palette);
        foreach (var digest in rollout.BlockedDigests ?? [])
            Field(text, "blocked", $"{digest} is not tried again until rollout.retry changes", width);
    }

    static void Steps(StringBuilder text, RolloutView rollout, Palette palette)
    {
        for (var i = 0; i < rollout.Steps.Count; i++)
        {
            var mark = rollout.Step is not { } step ? " " : i < step ? "x" : i == step ? ">" : " ";
            var line = string.Create(CultureInfo.InvariantCulture, $"{mark} {i}  {rollout.Steps[i]}");
            text.Append((i == 0 ? "steps" : "").PadRight(Label)).Append(mark == ">" ? palette.Strong(line) : mark == "x" ? palette.Faint(line) : line).Append('\n');
        }
    }

    static void Gates(StringBuilder text, StatusView view, Palette palette, int width)
    {
        if (view.Gates is not { } gates)
            return;
        text.Append('\n');
        var table = new Table();
        table.Add(Header("GATE", palette), Header("VERDICT", palette), Header("SAMPLES", palette), Header("EVIDENCE", palette));
        // Evidence is wrapped below itself, so that the columns before it stay readable on a narrow screen.
        var used = gates.Max(static g => g.Gate.Length) + gates.Max(static g => g.Verdict.Length) + 9 + 9;
        foreach (var gate in gates)
        {
            var verdict = new Cell(gate.Verdict, gate.Verdict switch { "Pass" => palette.Good(gate.Verdict), "Fail" => palette.Bad(gate.Verdict), _ => palette.Busy(gate.Verdict) });
            var lines = Spans.Wrap(gate.Message ?? "", Math.Max(width - used, 40)).DefaultIfEmpty("").ToArray();
            table.Add(gate.Gate, verdict, gate.Samples?.ToString(CultureInfo.InvariantCulture), lines[0]);
            foreach (var line in lines.Skip(1))
                table.Add("", "", "", line);
        }

        table.WriteTo(text);
    }

    static void Notable(StringBuilder text, StatusView view, DateTimeOffset now, Palette palette, int width)
    {
        if (view.Notable is not { Count: > 0 } notable)
            return;
        text.Append('\n');
        foreach (var c in notable)
        {
            var since = c.LastTransitionTime is { } time ? $", {Spans.Of(now - time)}" : "";
            text.Append(palette.Busy($"{c.Type}={c.Status}")).Append(" (").Append(c.Reason).Append(since).Append(")\n");
            Field(text, "", c.Message ?? "", width);
        }
    }

    public static void Field(StringBuilder text, string label, string value, int width)
    {
        var first = true;
        foreach (var line in Spans.Wrap(value, Math.Max(width - Label, 40)))
        {
            text.Append((first ? label : "").PadRight(Label)).Append(line).Append('\n');
            first = false;
        }
    }

    /// <summary>As <c>kubectl get modelversions</c> shortens it.</summary>
    public static string Short(string? digest) => digest is null ? ""
        : digest.StartsWith("sha256:", StringComparison.Ordinal) && digest.Length > 19 ? digest[..19] : digest;

    static Cell Header(string text, Palette palette) => new(text, palette.Faint(text));
}
