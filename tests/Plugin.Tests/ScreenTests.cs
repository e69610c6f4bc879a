using Sluice.Kubernetes.Model;
using Sluice.Plugin.Explain;
using Sluice.Plugin.Hosting;
using Sluice.Plugin.Rendering;
using Sluice.Plugin.Status;
using Sluice.Plugin.Tests.Support;

namespace Sluice.Plugin.Tests;

public sealed class ScreenTests
{
    public static TheoryData<string> Samples => [.. Sample.Names];

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_screen_of_each_state_is_what_was_reviewed(string name)
    {
        var view = StatusView.Of(Sample.Service(name));

        var screen = StatusScreen.Render(view, Sample.Now, Palette.None, width: 100);

        Golden.Holds($"{name}.status.txt", screen);
        Golden.Holds($"{name}.line.txt", StatusLine.Of(view) + "\n");
        screen.Split('\n').Should().OnlyContain(static line => line.Length <= 130 && line == line.TrimEnd());
        screen.Split('\n').Should().HaveCountLessThan(40, "it is one screen");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_explanation_of_each_state_is_what_was_reviewed(string name)
    {
        var service = Sample.Service(name);

        var why = Why.Of(service, name == "rolled-back" ? Record : null, [Told("GateFailed", "Warning", "u-1", 3), Told("OfAnother", "Normal", "u-2", 1)]);

        why.Told.Select(static t => t.Reason).Should().Equal("GateFailed");
        Golden.Holds($"{name}.why.txt", WhyText.Render(why, Sample.Now, Palette.None, width: 100));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_history_of_each_state_is_what_was_reviewed(string name) =>
        Golden.Holds($"{name}.history.txt", HistoryText.Render(History.Of(Sample.Service(name)), Sample.Now, Palette.None));

    [Fact]
    public void What_scripts_read_is_what_was_reviewed() =>
        Golden.Holds("gates.status.json", PluginJson.Text(StatusView.Of(Sample.Service("gates")), PluginJson.Default.StatusView));

    [Fact]
    public void Colours_change_nothing_but_colours()
    {
        var view = StatusView.Of(Sample.Service("gates"));

        var plain = StatusScreen.Render(view, Sample.Now, Palette.None, 100);
        var painted = StatusScreen.Render(view, Sample.Now, new Palette(true), 100);

        painted.Should().Contain("\e[");
        System.Text.RegularExpressions.Regex.Replace(painted, "\e\\[[0-9]*m", "").Should().Be(plain);
    }

    [Theory]
    [InlineData(0.2, "0s")]
    [InlineData(59, "59s")]
    [InlineData(125, "2m5s")]
    [InlineData(660, "11m")]
    [InlineData(3_600, "1h")]
    [InlineData(7_800, "2h10m")]
    [InlineData(273_600, "3d4h")]
    [InlineData(-5, "0s")]
    public void Spans_are_said_in_their_two_largest_units(double seconds, string text) =>
        Spans.Of(TimeSpan.FromSeconds(seconds)).Should().Be(text);

    [Fact]
    public void The_decisions_of_an_attempt_are_what_was_reviewed() =>
        Golden.Holds("record.txt", RecordedText.Render(Record, Palette.None, width: 100));

    static Recorded Record { get; } = new()
    {
        Attempt = 3,
        Stable = "iris-2 (iris-7k2m9xwz)",
        Candidate = "iris-3 (iris-9wwsc8fs)",
        Omitted = 2,
        Decisions =
        [
            Decision(0, "Warming", null, "iris-3 (iris-9wwsc8fs) gets its first pods.", 4),
            Decision(1, "Scaling", 0, "iris-3 (iris-9wwsc8fs) gets the pods for step 0: 5 % of the requests.", 1),
            Decision(2, "Shifting", 0, "The pods of iris-2 (iris-7k2m9xwz) take on the split: 5 % of the requests.", 2),
            Decision(3, "Analyzing", 0, "Step 0 lasts five minutes at least.", 290) with { Gates = [new() { Gate = "errors", Verdict = "Undecided", Samples = 40, Message = "3 of 40 requests failed." }] },
            Decision(8, "RollingBack", 0, "Users go back to iris-2 (iris-7k2m9xwz).", 1) with { Gates = [new() { Gate = "errors", Verdict = "Fail", Samples = 312, Message = "41 of 312 requests failed." }] },
            Decision(9, "RolledBack", null, "iris-2 (iris-7k2m9xwz) serves; nothing to do.", 1),
        ],
    };

    static Decided Decision(int minute, string stage, int? step, string next, int times) => new()
    {
        Time = Sample.Now.AddMinutes(minute - 20),
        Last = Sample.Now.AddMinutes(minute - 20).AddSeconds(times),
        Times = times,
        Stage = stage,
        Step = step,
        NextAction = next,
    };

    static Event Told(string reason, string type, string uid, int count) => new()
    {
        Metadata = new ObjectMeta { Name = reason },
        EventTime = Sample.Now.AddMinutes(-5),
        Series = count > 1 ? new EventSeries { Count = count, LastObservedTime = Sample.Now.AddMinutes(-1) } : null,
        Type = type,
        Reason = reason,
        Note = "41 of 312 requests failed.",
        Regarding = new ObjectReference { Kind = "InferenceService", Name = "iris", Namespace = "shop", Uid = uid },
    };
}
