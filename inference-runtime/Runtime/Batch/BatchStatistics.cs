using Sluice.Contract;
using Sluice.Monitoring.Profiles;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Models;
using Sluice.Runtime.Monitoring;

namespace Sluice.Runtime.Batch;

/// <summary>
/// Counts what was asked and answered, as a pod does. From checkpoint to checkpoint only the document goes on, whether or
/// not the process does, so that a run that was killed comes to the same numbers to the last digit.
/// </summary>
internal sealed class BatchStatistics
{
    private readonly Signature signature;
    private readonly Profile? baseline;
    private Profile? counted;
    private Shard shard;

    /// <param name="signature">Of the model.</param>
    /// <param name="baseline">Gives the cells; null learns them from the rows before the first checkpoint.</param>
    /// <param name="before">What an earlier run had counted.</param>
    public BatchStatistics(Signature signature, Profile? baseline, BatchProgress before)
    {
        (this.signature, this.baseline, counted) = (signature, baseline, before.Profile?.ToProfile());
        Violations = new(before.Violations?.ToDictionary() ?? [], StringComparer.Ordinal);
        shard = Next();
    }

    /// <summary>Inputs and outputs that have no distribution, and why.</summary>
    public IReadOnlyList<string> Unwatched { get; private set; } = [];

    /// <summary>All that was counted up to the last checkpoint.</summary>
    public Profile? Counted => counted;

    /// <summary>Values that were not as expected, by feature and rule.</summary>
    public SortedDictionary<string, long> Violations { get; }

    /// <param name="call">That succeeded.</param>
    /// <param name="rows">Those that count.</param>
    public void Record(ModelCall call, int rows)
    {
        shard.Record(call.Frame, rows);
        foreach (var check in call.Expectations?.Violated ?? [])
        {
            foreach (var (rule, count) in ViolationRules.Of(check))
                Violations[$"{check.Of.Feature}: {rule}"] = Violations.GetValueOrDefault($"{check.Of.Feature}: {rule}") + count;
        }
    }

    public ProfileDocument? Checkpoint()
    {
        var taken = shard.Take();
        if (taken.Rows > 0)
            counted = (counted?.Merge(taken) ?? taken).ToDocument().ToProfile();
        shard = Next();
        return counted?.ToDocument();
    }

    private Shard Next()
    {
        var cells = baseline ?? counted;
        WatchPlan asked = cells is null ? WatchPlan.ToLearn(signature.Inputs, areOutputs: false) : WatchPlan.For(signature.Inputs, cells.Features);
        WatchPlan answered = cells is null ? WatchPlan.ToLearn(signature.Outputs, areOutputs: true) : WatchPlan.For(signature.Outputs, cells.Predictions);
        Unwatched = [.. asked.Unwatched, .. answered.Unwatched];
        return new Shard(asked, answered);
    }
}
