using System.Globalization;
using Sluice.Operator.Api;

namespace Sluice.Operator.Monitoring;

/// <summary>Whether labels call fewer answers right than the ModelVersion lets expect.</summary>
/// <param name="Dropped">Null while nothing can be said.</param>
/// <param name="Reason">Of the condition.</param>
/// <param name="Why">Why nothing can be said, for people.</param>
/// <param name="Seen">Null without labels.</param>
internal sealed record AccuracyFinding(bool? Dropped, string Reason, string? Why, AccuracyStatus? Seen)
{
    const string Metric = "accuracy";

    /// <summary>Fewer are no ground for a verdict.</summary>
    const long LeastRows = 50;

    /// <summary>How likely a model that is as good as expected may look this bad by chance.</summary>
    const double FalseAlarms = 0.001;

    const double Notable = 0.01;

    static readonly TimeSpan Refresh = TimeSpan.FromMinutes(10);

    /// <param name="spec">How far it may fall.</param>
    /// <param name="watched">Whose labels.</param>
    /// <param name="version">The ModelVersion that serves.</param>
    /// <param name="now">When this is seen.</param>
    public static AccuracyFinding Of(FeedbackSpec spec, WatchedRevision? watched, ModelVersion? version, DateTimeOffset now)
    {
        var labels = watched?.Labels ?? default;
        var text = version?.Spec.Metrics?.GetValueOrDefault(Metric);
        var expected = Number(text);
        var seen = labels.All == 0 ? null
            : new AccuracyStatus { Accuracy = Math.Round(labels.Accuracy, 4), Expected = expected, Rows = labels.All, Time = now };
        if (expected is not { } promised)
            return new(null, Reasons.NoExpectation, text is null
                ? "The ModelVersion that serves states no accuracy in spec.metrics to hold labels against."
                : $"ModelVersion '{version!.Metadata.Name}' states the accuracy '{text}', which is no number from 0 to 1.", seen);
        if (labels.All < LeastRows)
            return new(null, Reasons.TooFewLabels, $"Fewer than {LeastRows} answers have a label.", seen);
        var allowed = spec.MaxDrop ?? FeedbackSpec.DefaultMaxDrop;
        return promised - labels.Accuracy > allowed && Binomial.AtMost(labels.Right, labels.All, promised) < FalseAlarms
            ? new(true, Reasons.AccuracyBelowExpected, null, seen)
            : new(false, Reasons.AccuracyAsExpected, null, seen);
    }

    /// <param name="spec">How far it may fall.</param>
    /// <param name="shown">What status tells.</param>
    public string Describe(FeedbackSpec spec, AccuracyStatus? shown)
    {
        var allowed = $"{spec.MaxDrop ?? FeedbackSpec.DefaultMaxDrop:0.###}";
        return Why ?? (Dropped is true
            ? $"{shown!.Accuracy:P1} of {shown.Rows} labelled answers were right; the ModelVersion states {shown.Expected:P1}, and a fall of {allowed} is allowed."
            : $"Labels do not show a fall of more than {allowed} below the {shown!.Expected:P1} that the ModelVersion states.");
    }

    /// <summary>What status tells: what is seen now, or what is there while it says about the same.</summary>
    public AccuracyStatus? Refreshed(AccuracyStatus? present, bool sameVerdict) =>
        Seen is not null && present is not null && sameVerdict && present.Expected == Seen.Expected
        && Math.Abs(Seen.Accuracy - present.Accuracy) < Notable && Seen.Time - present.Time < Refresh ? present : Seen;

    static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1
            ? number : null;
}
