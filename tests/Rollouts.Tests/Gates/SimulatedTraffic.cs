using System.Collections.Immutable;
using Sluice.Rollouts.Evidence;

namespace Sluice.Rollouts.Tests.Gates;

/// <summary>How one revision behaves. Latencies are log-normal.</summary>
internal sealed record Behaviour
{
    public double Errors { get; init; } = 0.001;

    public double Median { get; init; } = 0.008;

    /// <summary>Of the logarithm of the latency: with 0.5 the p99 is 3.2 times the median.</summary>
    public double Spread { get; init; } = 0.5;

    /// <summary>How much longer the p99 is, for a revision of which only the slowest tenth is slower.</summary>
    public double Tail { get; init; } = 1;

    public double NotFinite { get; init; }

    /// <summary>Answers that differ from those of another pod of stable.</summary>
    public double Different { get; init; }

    /// <summary>How much longer everything takes above ten requests per second.</summary>
    public double UnderLoad { get; init; } = 1;
}

/// <summary>Requests of one second, as the pods of stable would have counted them.</summary>
internal sealed class SimulatedTraffic(int seed, int rate, Behaviour stable, Behaviour candidate, double bursts = 0)
{
    const double TenthQuantile = 1.2815515655446004;
    const double HundredthQuantile = 2.3263478740408408;

    public static readonly ImmutableArray<double> Bounds = [.. Enumerable.Range(0, 1500).Select(static i => 2e-5 * Math.Pow(1.01, i))];

    readonly Random random = new(seed);
    readonly Counts here = new();
    readonly Counts there = new();
    Tally different;
    Tally floor;
    double slow = 1;

    /// <summary>Requests that users sent and that the candidate was given, since the beginning.</summary>
    public long Exposed { get; private set; }

    public void Forget()
    {
        here.Forget();
        there.Forget();
        (different, floor) = (default, default);
    }

    public void Second(int weight, int copies)
    {
        // What slows the machine slows both, and many requests in a row.
        slow = bursts > 0 && random.NextDouble() < bursts ? 2 : 1;
        for (var left = Poisson(); left > 0; left--)
        {
            if (random.Next(100) < weight)
            {
                Exposed++;
                Serve(there, candidate, weight);
                continue;
            }

            Serve(here, stable, 0);
            if (random.Next(100) >= copies)
                continue;
            if (weight == 0)
                Serve(there, candidate, copies);
            different += new Tally(random.NextDouble() < candidate.Different + candidate.NotFinite ? 1 : 0, 1);
            if (random.Next(100) < Agreement.DefaultFloorPercent)
                floor += new Tally(random.NextDouble() < stable.Different + stable.NotFinite ? 1 : 0, 1);
        }
    }

    public StepEvidence Seen() => new()
    {
        Stable = here.ToEvidence(),
        Candidate = there.ToEvidence(),
        Agreement = different.Of == 0 ? null : new AgreementEvidence { Different = different, Floor = floor },
    };

    void Serve(Counts counts, Behaviour who, int share)
    {
        var z = Normal();
        if (z > TenthQuantile)
            z = TenthQuantile + ((z - TenthQuantile) * (1 + (Math.Log(who.Tail) / who.Spread / (HundredthQuantile - TenthQuantile))));
        var load = rate * share / 100.0 > 10 ? who.UnderLoad : 1;
        counts.Count(random.NextDouble() < who.Errors, random.NextDouble() < who.NotFinite, who.Median * Math.Exp(who.Spread * z) * load * slow);
    }

    double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    int Poisson()
    {
        var (count, product, end) = (0, random.NextDouble(), Math.Exp(-rate));
        for (; product > end; count++)
            product *= random.NextDouble();
        return count;
    }

    sealed class Counts
    {
        readonly long[] buckets = new long[Bounds.Length + 1];
        Tally failures;
        Tally notFinite;

        public void Forget()
        {
            Array.Clear(buckets);
            (failures, notFinite) = (default, default);
        }

        public void Count(bool failed, bool infinite, double seconds)
        {
            failures += new Tally(failed ? 1 : 0, 1);
            notFinite += new Tally(infinite ? 1 : 0, 1);
            buckets[Math.Clamp((int)Math.Ceiling(Math.Log(seconds / Bounds[0]) / Math.Log(1.01)), 0, Bounds.Length)]++;
        }

        public RevisionEvidence ToEvidence() => new()
        {
            Failures = failures,
            NotFinite = notFinite,
            Latencies = new Latencies(Bounds, [.. buckets]),
        };
    }
}
