using System.Globalization;
using Sluice.Operator.Api;

namespace Sluice.Operator.Monitoring;

/// <summary>A figure of quality that labels give, and that a ModelVersion may state.</summary>
/// <param name="Name">As status and metrics call it.</param>
/// <param name="Stated">Names in the ModelVersion's metrics; the first that is there counts.</param>
/// <param name="Bound">The largest that it can be.</param>
/// <param name="IsError">Larger is worse.</param>
/// <param name="IsRelative">It is in the unit of what is predicted, so that a change is told as a share of it.</param>
internal sealed record QualityMetric(string Name, IReadOnlyList<string> Stated, double Bound, bool IsError, bool IsRelative)
{
    public static readonly QualityMetric Accuracy = new("accuracy", ["accuracy"], 1, IsError: false, IsRelative: false);

    public static readonly QualityMetric F1 = new("f1", ["f1", "f1_macro"], 1, IsError: false, IsRelative: false);

    /// <summary>Summed over the classes.</summary>
    public static readonly QualityMetric Brier = new("brier", ["brier", "brier_score"], 2, IsError: true, IsRelative: false);

    public static readonly QualityMetric AbsoluteError = new("mae", ["mae", "mean_absolute_error"], double.MaxValue, IsError: true, IsRelative: true);

    /// <summary>The figure beyond which quality has dropped.</summary>
    public double Limit(double expected, FeedbackSpec spec) => IsRelative
        ? expected * (1 + (spec.MaxErrorRise ?? FeedbackSpec.DefaultMaxErrorRise))
        : IsError ? expected + Drop(spec) : expected - Drop(spec);

    /// <summary>How much worse a figure is than another; negative when it is better.</summary>
    public double Worse(double figure, double than) => IsError ? figure - than : than - figure;

    /// <summary>What the ModelVersion states.</summary>
    /// <param name="version">That serves; null for an inline model.</param>
    /// <param name="problem">Why what it states is no such figure; null when it is one, or when it states none.</param>
    public double? Expected(ModelVersion? version, out string? problem)
    {
        problem = null;
        if (Stated.FirstOrDefault(n => version?.Spec.Metrics?.ContainsKey(n) is true) is not { } key)
            return null;
        var text = version!.Spec.Metrics![key];
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= Bound)
            return number;
        problem = $"ModelVersion '{version.Metadata.Name}' states the {key} '{text}', which is no number {(IsRelative ? "from 0 on" : $"from 0 to {Bound:0}")}.";
        return null;
    }

    static double Drop(FeedbackSpec spec) => spec.MaxDrop ?? FeedbackSpec.DefaultMaxDrop;
}
