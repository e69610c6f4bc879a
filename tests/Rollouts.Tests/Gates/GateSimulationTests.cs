using System.Globalization;
using Sluice.Rollouts.Evidence;
using Xunit.Abstractions;

namespace Sluice.Rollouts.Tests.Gates;

/// <summary>
/// Whole rollouts with default steps and gates at 50 requests per second. GATES=N runs N of identical versions and N/2 of
/// each bad one, and prints the table that docs/gates.md keeps; otherwise there are a few of each.
/// </summary>
public sealed class GateSimulationTests(ITestOutputHelper output)
{
    const int Rate = 50;

    static readonly int Wished = int.Parse(Environment.GetEnvironmentVariable("GATES") ?? "0", CultureInfo.InvariantCulture);
    static readonly Behaviour Good = new();

    static readonly (string Name, Behaviour Candidate)[] Bad =
    [
        ("errors +2 points", Good with { Errors = Good.Errors + 0.02 }),
        ("p99 +30 %", Good with { Tail = 1.3 }),
        ("1 % of labels flipped", Good with { Different = 0.01 }),
        ("NaN for 1 % of inputs", Good with { NotFinite = 0.01 }),
        ("two of three classes swapped", Good with { Different = 2.0 / 3 }),
        ("twice as slow under load", Good with { UnderLoad = 2 }),
    ];

    [Fact]
    public void Of_identical_versions_at_most_one_in_a_hundred_is_sent_back()
    {
        var plain = Run("identical", Good, Wished > 0 ? Wished : 6, 0);
        var rough = Run("identical, with bursts", Good, Wished > 0 ? Wished : 2, 0.02);
        // Such as sums that come out otherwise in another batch: stable differs from itself as often as from the candidate.
        var noisy = Good with { Different = 0.003 };
        var same = Run("identical, 0.3 % of answers differ by chance", noisy, Wished > 0 ? Wished : 2, 0, noisy);

        foreach (var ends in new[] { plain, rough, same })
            ends.Count(static e => e.Outcome is RolloutOutcome.RolledBack).Should().BeLessThanOrEqualTo(ends.Length / 100);
        plain.Count(static e => e.Outcome is RolloutOutcome.Promoted).Should().BeGreaterThan(plain.Length * 9 / 10);
    }

    [Fact]
    public void A_bad_version_is_never_promoted()
    {
        foreach (var (name, candidate) in Bad)
        {
            Run(name, candidate, Wished > 0 ? (Wished + 1) / 2 : 2, 0)
                .Should().NotContain(static e => e.Outcome == RolloutOutcome.Promoted, name);
        }
    }

    SimulatedEnd[] Run(string name, Behaviour candidate, int count, double bursts, Behaviour? stable = null)
    {
        var setting = new Setting(StepList.Canary([]), GateList.Default);
        var ends = Enumerable.Range(0, count).AsParallel()
            .Select(seed => SimulatedRollout.Run(new SimulatedTraffic(seed, Rate, stable ?? Good, candidate, bursts), setting)).ToArray();
        int Of(RolloutOutcome? outcome) => ends.Count(e => e.Outcome == outcome);
        var exposed = ends.Select(static e => e.Exposed).Order().ToArray();
        var took = ends.Select(static e => e.Took.TotalMinutes).Order().ToArray();
        output.WriteLine(
            $"| {name} | {count} | {Of(RolloutOutcome.Promoted)} | {Of(RolloutOutcome.RolledBack)} | {Of(null)} | {exposed[count / 2]} | {exposed[^1]} | {took[count / 2]:0.#} |");
        foreach (var why in ends.Where(static e => e.Outcome is not RolloutOutcome.Promoted).Select(static e => e.Why).Take(2))
            output.WriteLine($"    {why}");
        return ends;
    }
}
