using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Sluice.Rollouts.Evidence;

/// <summary>
/// One check. It fails when the candidate is provably worse than allowed, passes when it is provably no worse than
/// allowed for the share that comes next, and is undecided otherwise.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ErrorRate), "errorRate")]
[JsonDerivedType(typeof(Latency), "latency")]
[JsonDerivedType(typeof(Agreement), "agreement")]
[JsonDerivedType(typeof(NanRate), "nanRate")]
[JsonDerivedType(typeof(Drift), "drift")]
[JsonDerivedType(typeof(Accuracy), "accuracy")]
[JsonDerivedType(typeof(PromQuery), "prometheus")]
public abstract record Gate(string Name)
{
    public const int DefaultMinSamples = 20;

    /// <summary>Requests of the candidate before which the gate says nothing.</summary>
    public long MinSamples { get; init; } = DefaultMinSamples;

    /// <summary>How long it may stay undecided; null without end.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Whether it fails when that is over.</summary>
    public bool RollBackWhenUndecided { get; init; }

    public Finding Judge(StepEvidence seen, Terms terms)
    {
        var look = Look(seen, terms);
        var finding = Judge(look, seen);
        if (finding.Verdict is not Verdict.Undecided || MaxDuration is not { } longest || terms.Elapsed < longest)
            return finding;
        return RollBackWhenUndecided
            ? finding with { Verdict = Verdict.Fail, Message = $"still undecided after {Text.Of(longest)}: {finding.Message}" }
            : finding with { Message = $"{finding.Message}; undecided for longer than {Text.Of(longest)}, and held" };
    }

    internal abstract Look Look(StepEvidence seen, Terms terms);

    Finding Judge(Look look, StepEvidence seen)
    {
        if (look.Passed is { } passed)
            return new Finding(Name, Verdict.Pass, look.Samples, double.NaN, default, double.NaN, passed);
        if (look.Lacking is { } lacking)
            return Undecided(look, seen.Incomplete is { } why ? $"{lacking}; {why}" : lacking);
        if (look.Samples < MinSamples)
            return Undecided(look, $"{look.Samples} of at least {MinSamples} samples" + (seen.Incomplete is { } missing ? $"; {missing}" : ""));
        var bound = look.Bounds.MaxBy(static b => Rank(b.Verdict));
        // What was counted shows what it shows, but what was not counted might show the opposite.
        var verdict = bound.Verdict is Verdict.Pass && seen.Incomplete is not null ? Verdict.Undecided : bound.Verdict;
        var message = string.Join("; ", look.Bounds.Select(static b => b.Text)) + (verdict is not Verdict.Fail && seen.Incomplete is { } part ? $"; {part}" : "");
        return new Finding(Name, verdict, look.Samples, bound.Estimate, bound.Interval, bound.Limit, message);
    }

    Finding Undecided(Look look, string why) =>
        new(Name, Verdict.Undecided, look.Samples, double.NaN, new Interval(double.NegativeInfinity, double.PositiveInfinity), double.NaN, why);

    static int Rank(Verdict verdict) => verdict switch
    {
        Verdict.Fail => 2,
        Verdict.Undecided => 1,
        _ => 0,
    };
}

/// <summary>What a gate makes of the evidence.</summary>
internal sealed record Look(long Samples, params ImmutableArray<Bound> Bounds)
{
    /// <summary>What is not there to be judged.</summary>
    public string? Lacking { get; init; }

    /// <summary>Why there is nothing to judge here.</summary>
    public string? Passed { get; init; }

    public static Look Without(string what, long samples = 0) => new(samples) { Lacking = what };
}
