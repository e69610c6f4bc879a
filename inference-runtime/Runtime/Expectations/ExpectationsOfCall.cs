using System.Collections.Immutable;
using Sluice.Onnx;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Expectations;

/// <summary>Holds one call at a time against what is expected, without a lock and without memory of its own.</summary>
internal sealed class ExpectationsOfCall(ExpectationSet set)
{
    private readonly ImmutableArray<ExpectationCheck> checks = [.. set.All.Select(static e => new ExpectationCheck(e))];

    /// <summary>What the last call did not meet.</summary>
    public IEnumerable<ExpectationCheck> Violated => checks.Where(static c => c.IsViolated);

    /// <param name="frame">With its inputs, whose shapes are right.</param>
    /// <param name="rows">Those that count.</param>
    /// <exception cref="RequestException">400: an expectation that rejects is not met.</exception>
    public void Check(RunFrame frame, int rows = int.MaxValue)
    {
        ExpectationCheck? refused = null;
        foreach (var check in checks)
        {
            check.Run(frame.Inputs[check.Of.Input], rows);
            if (!check.IsViolated)
                continue;
            set.Series?.Count(check);
            if (check.Of.Rejects)
                refused ??= check;
        }
        if (refused is not null)
            throw RequestException.Bad(refused.Message);
    }
}
