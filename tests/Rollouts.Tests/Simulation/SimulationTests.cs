using FsCheck;
using FsCheck.Fluent;

namespace Sluice.Rollouts.Tests.Simulation;

/// <summary>
/// Random schedules: invariants after every event, and a good end once the world is left in peace. SIMULATE=N runs N of
/// them, half from a fixed seed, SIMULATE_REPLAY=SHAPE:EVENTS the one that a failure has printed.
/// </summary>
public sealed class SimulationTests
{
    static readonly int Schedules = int.Parse(Environment.GetEnvironmentVariable("SIMULATE") ?? "10000") / 2;

    [Fact]
    public void No_known_schedule_breaks_an_invariant_and_every_one_ends_well() =>
        Check(Config.QuickThrowOnFailure.WithReplay(20260301, 7));

    [Fact]
    public void No_fresh_schedule_breaks_an_invariant_and_every_one_ends_well() => Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_printed_schedule_can_be_run_again()
    {
        var text = Environment.GetEnvironmentVariable("SIMULATE_REPLAY") ?? "1:25,3,8,25,1,25,3,3,3,25,25,8,25";
        var colon = text.IndexOf(':', StringComparison.Ordinal);

        var running = () => Schedule.Run(
            int.Parse(text[..colon]), [.. text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);

        running.Should().NotThrow();
    }

    static void Check(Config config) =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 99999).ArrayOf(), Shorter), Gen.Choose(0, 3).ToArbitrary(), static (events, shape) =>
        {
            Schedule.Run(shape, events);
            return true;
        }).Check(config.WithMaxTest(Schedules).WithEndSize(200));

    /// <summary>Whatever can be left out without the failure going away.</summary>
    static IEnumerable<int[]> Shorter(int[] events)
    {
        if (events.Length > 8)
        {
            yield return events[(events.Length / 2)..];
            yield return events[..(events.Length / 2)];
        }

        for (var i = 0; i < events.Length; i++)
            yield return [.. events[..i], .. events[(i + 1)..]];
    }
}
