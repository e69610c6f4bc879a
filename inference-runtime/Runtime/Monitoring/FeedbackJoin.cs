using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Monitoring.Feedback;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Monitoring;

/// <summary>Remembers the predictions of one version of a model, and holds the truth against them when it comes.</summary>
internal sealed class FeedbackJoin
{
    private readonly Lock joining = new();
    private readonly PredictionPlan plan;
    private readonly Sharded<PredictionRing> recent;
    private readonly PredictionMemory memory;
    private readonly RollingQuality rolling;
    private readonly FeedbackSeries series;
    private FeedbackCounts counts;

    public FeedbackJoin(ImmutableArray<Port> outputs, FeedbackSettings settings, FeedbackSeries series)
    {
        (plan, this.series) = (new PredictionPlan(outputs), series);
        recent = new(2 * Environment.ProcessorCount, n => new PredictionRing(Math.Max(64, settings.Window / n), plan.Classes));
        memory = new PredictionMemory(settings.Window, plan.Classes);
        rolling = new RollingQuality(settings.Rolling);
    }

    /// <summary>False when the model answers nothing that a label can be held against.</summary>
    public bool Predicts => plan.Predicts;

    /// <summary>Remembers what a call answered, on the thread that ran it.</summary>
    public void Record(ModelCall call)
    {
        var ring = recent.Borrow(out var place);
        try
        {
            plan.Record(call.Frame, call.Identity, ring);
        }
        finally
        {
            recent.Return(ring, place);
        }
    }

    /// <summary>Files what was recorded, so that no thread's share overflows.</summary>
    public void Collect()
    {
        lock (joining)
            recent.ForEach(ring => ring.MoveTo(memory));
    }

    public FeedbackCounts Join(IReadOnlyList<FeedbackEntry> entries)
    {
        Collect();
        lock (joining)
        {
            var before = counts;
            foreach (var entry in entries)
                Join(entry);
            series.Publish(counts, rolling.Measure());
            return counts - before;
        }
    }

    public FeedbackDocument Document()
    {
        lock (joining)
        {
            var quality = rolling.Measure();
            return new FeedbackDocument
            {
                Rows = quality.Rows,
                Accuracy = quality.Accuracy,
                F1 = quality.F1,
                Brier = quality.Brier,
                MeanAbsoluteError = quality.MeanAbsoluteError,
                ToldInAll = rolling.ToldInAll,
                RightInAll = rolling.RightInAll,
                ClassRows = quality.ClassRows,
                Classes = quality.Classes.Count > FeedbackDocument.MostClasses ? null
                    : [.. quality.Classes.Select(static c => new ClassDocument { Label = c.Label, Right = c.Right, Seen = c.Seen })],
                ScoredRows = quality.ScoredRows,
                BrierDeviation = quality.BrierDeviation,
                NumberRows = quality.NumberRows,
                ErrorDeviation = quality.ErrorDeviation,
                Joined = counts.Joined,
                Given = counts.Given,
                Unknown = counts.Unknown,
                Late = counts.Late,
                Duplicate = counts.Duplicate,
            };
        }
    }

    private void Join(FeedbackEntry entry)
    {
        var join = memory.Take(entry.Key, out var prediction, out var scores);
        if (join == Sluice.Monitoring.Feedback.Join.Joined)
            Judge(entry, prediction, scores);
        else if (join != Sluice.Monitoring.Feedback.Join.Duplicate && entry.Predicted is { } told && Given(entry.Key, told) is { } given)
        {
            Judge(entry, given, []);
            counts.Given++;
            return;
        }
        counts.Count(join);
    }

    private void Judge(FeedbackEntry entry, Prediction prediction, ReadOnlySpan<float> scores)
    {
        if (entry.Label is not { } label)
            rolling.AddNumber(prediction.Value, entry.Value);
        else
            rolling.AddClass(prediction.Label, scores, label);
    }

    private static Prediction? Given(ulong key, JsonElement told) => FeedbackEntry.LabelFrom(told) is { } label
        ? new Prediction(key, label, told.ValueKind == JsonValueKind.Number ? told.GetDouble() : double.NaN)
        : told.ValueKind == JsonValueKind.Number ? new Prediction(key, null, told.GetDouble()) : null;
}
