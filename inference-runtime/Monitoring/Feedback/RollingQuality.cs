namespace Sluice.Monitoring.Feedback;

/// <summary>How good a model was on the rows whose truth is known.</summary>
/// <param name="Rows">Of the latest rows with a truth.</param>
/// <param name="Accuracy">Share of right classes; null when no class was told.</param>
/// <param name="F1">Mean over the classes of the harmonic mean of precision and recall (macro); null without classes.</param>
/// <param name="Brier">Mean over the rows of the summed squared distances of the scores from 1 for the true class and 0 for others; null without scores.</param>
/// <param name="MeanAbsoluteError">Of numbers; null when no number was told.</param>
public sealed record Quality(int Rows, double? Accuracy, double? F1, double? Brier, double? MeanAbsoluteError);

/// <summary>The latest rows whose truth is known. One thread at a time.</summary>
/// <param name="capacity">Rows.</param>
public sealed class RollingQuality(int capacity)
{
    private readonly Queue<(long? Label, long Truth, double Brier, double Error)> rows = new();

    /// <summary>Rows whose class was told, those that are no longer among the latest included.</summary>
    public long ToldInAll { get; private set; }

    /// <summary>Of these: those whose class was answered rightly.</summary>
    public long RightInAll { get; private set; }

    /// <param name="predicted">The class that the model answered.</param>
    /// <param name="scores">Of the classes 0, 1, …; none when the model answers none.</param>
    /// <param name="truth">The class that it was.</param>
    public void AddClass(long? predicted, ReadOnlySpan<float> scores, long truth)
    {
        var brier = double.NaN;
        if (!scores.IsEmpty && truth >= 0 && truth < scores.Length)
        {
            brier = 0;
            for (var i = 0; i < scores.Length; i++)
                brier += Math.Pow(scores[i] - (i == truth ? 1 : 0), 2);
        }
        Add((predicted ?? Highest(scores), truth, brier, double.NaN));
    }

    public void AddNumber(double predicted, double truth) => Add((null, 0, double.NaN, Math.Abs(predicted - truth)));

    public Quality Measure()
    {
        var classes = rows.Where(static r => r.Label is not null).ToList();
        var scored = rows.Where(static r => !double.IsNaN(r.Brier)).ToList();
        var numbers = rows.Where(static r => !double.IsNaN(r.Error)).ToList();
        return new Quality(
            rows.Count,
            classes.Count > 0 ? (double)classes.Count(static r => r.Label == r.Truth) / classes.Count : null,
            classes.Count > 0 ? F1([.. classes.Select(static r => (r.Label!.Value, r.Truth))]) : null,
            scored.Count > 0 ? scored.Average(static r => r.Brier) : null,
            numbers.Count > 0 ? numbers.Average(static r => r.Error) : null);
    }

    private static double F1(List<(long Label, long Truth)> rows)
    {
        var perClass = new Dictionary<long, (int Right, int Seen)>();
        foreach (var (label, truth) in rows)
        {
            Count(label, label == truth);
            Count(truth, right: false);
        }
        return perClass.Values.Average(static c => 2.0 * c.Right / c.Seen);

        void Count(long of, bool right)
        {
            var (before, seen) = perClass.GetValueOrDefault(of);
            perClass[of] = (before + (right ? 1 : 0), seen + 1);
        }
    }

    private static long? Highest(ReadOnlySpan<float> scores)
    {
        if (scores.IsEmpty)
            return null;
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
            best = scores[i] > scores[best] ? i : best;
        return best;
    }

    private void Add((long? Label, long Truth, double Brier, double Error) row)
    {
        if (row.Label is { } label)
        {
            ToldInAll++;
            RightInAll += label == row.Truth ? 1 : 0;
        }

        if (rows.Count == capacity)
            rows.Dequeue();
        rows.Enqueue(row);
    }
}
