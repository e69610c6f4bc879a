using Sluice.Conformance.Corpus;
using Sluice.Conformance.Values;
using Sluice.Conformance.Wire;

namespace Sluice.Conformance.World;

/// <summary>Decides what an answer is worth.</summary>
static class Judge
{
    public static Outcome Decide(PreparedCase of, Answer answer, bool typed)
    {
        var rawOnlyInput = typed && of.Takes(Datatypes.IsRawOnly);
        var rawOnlyOutput = typed && of.Gives(Datatypes.IsRawOnly);
        return answer.Verdict switch
        {
            Verdict.Broken => Of(Result.Failed, $"{answer.Code}: {answer.Message}"),
            Verdict.Refused when (rawOnlyInput || rawOnlyOutput) && NamesTheWayOut(answer.Message) =>
                Of(Result.RefusedByRule, answer.Message),
            Verdict.Refused when Deviations.Find(of.Name) is { IsRefused: true } known => Of(Result.KnownToDiffer, known.Reason),
            Verdict.Refused => Of(Result.Failed, $"{answer.Code}: {answer.Message}"),
            _ when rawOnlyInput => Of(Result.Failed, "FP16 or BF16 was accepted in a form that has neither"),
            _ when Difference(of, answer) is not { } difference => Deviations.Find(of.Name) is { IsChance: false } known
                ? Of(Result.Failed, $"agrees, but is listed as one that differs: {known.Reason}")
                : Of(Result.Passed, string.Empty),
            _ when Deviations.Find(of.Name) is { IsRefused: false } known && Allows(known, of, answer) => Of(Result.KnownToDiffer, known.Reason),
            _ => Of(Result.Failed, Difference(of, answer)!),
        };

        Outcome Of(Result result, string detail) => new(of.Name, result, detail);
    }

    static bool NamesTheWayOut(string message) =>
        (message.Contains("FP16", StringComparison.Ordinal) || message.Contains("BF16", StringComparison.Ordinal))
        && (message.Contains("binary", StringComparison.Ordinal) || message.Contains("raw", StringComparison.Ordinal));

    static string? Difference(PreparedCase of, Answer answer, double absolute = Comparison.Absolute)
    {
        foreach (var expected in of.Outputs)
        {
            if (answer.Values.FirstOrDefault(v => v.Name == expected.Name) is not { } actual)
                return $"output \"{expected.Name}\" is missing";
            if (Comparison.Difference(expected.Value, actual.Value, absolute) is { } difference)
                return $"output \"{expected.Name}\": {difference}";
        }
        return null;
    }

    /// <summary>Nothing but the elements differs, and they no more than the deviation says.</summary>
    static bool Allows(Deviation known, PreparedCase of, Answer answer) => known.Absolute is { } absolute
        ? Difference(of, answer, absolute) is null
        : of.Outputs.All(expected => answer.Values.Any(actual =>
            actual.Name == expected.Name
            && (expected.Value, actual.Value) is (Tensor e, Tensor a)
            && e.Type == a.Type && e.Shape.SequenceEqual(a.Shape) && a.Held == a.Count));
}
