using System.Globalization;
using Sluice.Contract;
using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Models;
using Sluice.Runtime.Profiling;

namespace Sluice.Runtime.Batch;

/// <summary>
/// Scores a table from its first row to its last. However often it is killed on the way, what it has written in the end is
/// the same to the byte: calls are made of the same rows, and what lies behind the last checkpoint is done again.
/// </summary>
internal sealed class BatchRun(ServedModel model, DataFile data, BatchSettings settings, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Tell = TimeSpan.FromSeconds(5);

    private readonly int together = Together(model.Signature, settings.Together);

    /// <summary>Between two checkpoints, so that a call never spans one.</summary>
    private long Every => Math.Max(1, (settings.Checkpoint + together - 1) / together) * together;

    private string Run => string.Create(
        CultureInfo.InvariantCulture,
        $"{RuntimeServer.ProgramVersion}; model {settings.Model}; table {settings.Input}; ignore {string.Join(',', settings.Ignored)}; keep {string.Join(',', data.Kept)}; {together} together; checkpoint {Every}; cells {Cells()}; expect {Sha(settings.Expected)}");

    /// <exception cref="FailureException">The table does not fit the model, no row of it does, or a file cannot be written.</exception>
    public BatchSummary ToEnd()
    {
        try
        {
            using PartFile answers = new(settings.Output), rejects = new(settings.Rejects);
            return Score(answers, rejects);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException(TerminationReasons.WriteFailed, $"The output cannot be written: {e.Message}");
        }
    }

    private BatchSummary Score(PartFile answers, PartFile rejects)
    {
        var before = Before(answers, rejects);
        var output = new BatchOutput(RowFormat.For(settings.Output, model.Signature, data.Kept), answers, rejects);
        output.Resume(before);
        var statistics = new BatchStatistics(model.Signature, settings.Baseline, before);
        if (statistics.Unwatched.Count > 0)
            Log.Unwatched(logger, data.Path, string.Join("; ", statistics.Unwatched));
        var scorer = new BatchScorer(model, statistics, output);
        var (rows, told, began) = (before.Rows, time.GetTimestamp(), time.GetTimestamp());
        foreach (var some in After(before.Rows, data.Rows(model.Signature)).Chunk(together))
        {
            scorer.Score(some);
            rows += some.Length;
            if (rows % Every == 0)
                Secure();
            if (time.GetElapsedTime(told) < Tell)
                continue;
            told = time.GetTimestamp();
            Log.BatchGoesOn(logger, rows, data.ReadShare * 100, output.Rejected, (rows - before.Rows) / time.GetElapsedTime(began).TotalSeconds);
        }
        foreach (var unused in before.Rows == 0 ? data.Unused : [])
            Log.ColumnUnused(logger, unused);
        if (output.Scored == 0)
            throw data.Wrong(rows == 0 ? "it has no rows" : $"the model takes none of its {rows} rows; {output.FirstReason ?? $"see {settings.Rejects}.part"}".TrimEnd('.'));
        Secure();
        return Finish(rows, before.Rows, output, statistics, answers, rejects);

        void Secure()
        {
            answers.Secure();
            rejects.Secure();
            new BatchProgress
            {
                Run = Run,
                Rows = rows,
                Scored = output.Scored,
                Rejected = output.Rejected,
                OutputBytes = answers.Length,
                RejectsBytes = rejects.Length,
                Profile = statistics.Checkpoint(),
                Violations = statistics.Violations,
            }.Write(settings.Progress);
        }
    }

    private BatchSummary Finish(long rows, long resumed, BatchOutput output, BatchStatistics statistics, PartFile answers, PartFile rejects)
    {
        var counted = statistics.Counted!;
        File.WriteAllText(settings.Profile, System.Text.Json.JsonSerializer.Serialize(counted.ToDocument(), ContractJson.Default.ProfileDocument) + "\n");
        rejects.Publish();
        answers.Publish();
        File.Delete(settings.Progress);
        return new BatchSummary
        {
            Rows = rows,
            Scored = output.Scored,
            Rejected = output.Rejected,
            ResumedAfter = resumed > 0 ? resumed : null,
            Output = settings.Output,
            Rejects = settings.Rejects,
            Profile = settings.Profile,
            Violations = statistics.Violations.Count > 0 ? statistics.Violations : null,
            Drift = settings.Baseline is { } baseline ? new DriftTest(baseline, new DriftSettings()).Compare(counted).ToDocument() : null,
        };
    }

    /// <summary>Where an earlier run of the same kind was when it ended; the beginning when there was none.</summary>
    private BatchProgress Before(PartFile answers, PartFile rejects)
    {
        var found = BatchProgress.Read(settings.Progress);
        if (found is not null && found.Run == Run && answers.Holds(found.OutputBytes) && rejects.Holds(found.RejectsBytes))
        {
            Log.BatchResumed(logger, settings.Output, found.Rows);
            return found;
        }
        if (found is not null)
            Log.BatchAnew(logger, settings.Output, found.Rows);
        return new BatchProgress { Run = Run };
    }

    private static IEnumerable<DataRow> After(long rows, IEnumerable<DataRow> all)
    {
        foreach (var row in all)
        {
            if (rows-- <= 0)
                yield return row;
        }
    }

    private string Cells() => settings.Baseline is null
        ? "learnt"
        : Sha(System.Text.Json.JsonSerializer.Serialize(settings.Baseline.ToDocument(), ContractJson.Default.ProfileDocument));

    private static string Sha(string text) => Storage.Digest.Hex(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private static int Together(Signature signature, int? wished)
    {
        var batch = RowBatch.Of(signature);
        return batch.IsFixed || wished is null ? batch.Rows : wished.Value;
    }
}
