using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>What is known of the data, the predictions and the quality of the revision that serves.</summary>
public sealed record MonitoringStatus
{
    /// <summary>The revision that this speaks of.</summary>
    public string? Revision { get; init; }

    /// <summary>The windows that its pods closed last, against the baseline.</summary>
    public DriftStatus? Drift { get; init; }

    /// <summary>How good its answers were by the labels that came for them.</summary>
    public QualityStatus? Quality { get; init; }

    /// <summary>What drift led to last.</summary>
    public ReactionStatus? Reaction { get; init; }

    /// <summary>What a drop of quality led to last.</summary>
    public ReactionStatus? QualityReaction { get; init; }
}

/// <summary>One comparison with the baseline. Told anew when the verdict changes, and else now and then.</summary>
public sealed record DriftStatus
{
    /// <summary>Whether anything has moved further than its threshold.</summary>
    public required bool Drifted { get; init; }

    /// <summary>Rows that were compared.</summary>
    public required long Rows { get; init; }

    /// <summary>Pods that they come from.</summary>
    public required int Pods { get; init; }

    /// <summary>When the earliest window began.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset WindowStart { get; init; }

    /// <summary>When the latest one ended.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset WindowEnd { get; init; }

    /// <summary>Features that moved, of all, from 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The scores that are the furthest beyond their thresholds, or the closest to them; at most ten.</summary>
    [ListAtomic, MaxItems(10)]
    public required IReadOnlyList<DriftScoreStatus> Scores { get; init; }
}

/// <summary>How far one feature or prediction is from its baseline.</summary>
public sealed record DriftScoreStatus
{
    /// <summary>The feature, or the output.</summary>
    public required string Feature { get; init; }

    /// <summary>True for what the model answers.</summary>
    public bool? Prediction { get; init; }

    /// <summary>psi, jensen_shannon, wasserstein, ks, chi2 or missing_share.</summary>
    public required string Method { get; init; }

    /// <summary>The distance.</summary>
    public required double Score { get; init; }

    /// <summary>A score above it is drift: the threshold of the spec, or what chance can make of so many rows.</summary>
    public required double Threshold { get; init; }
}

/// <summary>Quality from feedback. Told anew when a verdict or a figure changes notably, and else now and then.</summary>
public sealed record QualityStatus
{
    /// <summary>accuracy, f1, brier and mae, those of them that labels give.</summary>
    [ListAtomic, MaxItems(8)]
    public required IReadOnlyList<QualityFigureStatus> Figures { get; init; }

    /// <summary>Labels that the pods were told since they started.</summary>
    public required long Labels { get; init; }

    /// <summary>When this was seen.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset Time { get; init; }
}

/// <summary>One figure of quality.</summary>
public sealed record QualityFigureStatus
{
    /// <summary>accuracy, f1 (the mean over the classes), brier (summed over the classes) or mae.</summary>
    public required string Metric { get; init; }

    /// <summary>Over all pods.</summary>
    public required double Value { get; init; }

    /// <summary>What the ModelVersion's metrics promise.</summary>
    public double? Expected { get; init; }

    /// <summary>Beyond it, unless by chance, the figure has dropped.</summary>
    public double? Limit { get; init; }

    /// <summary>Answers whose truth was told.</summary>
    public required long Rows { get; init; }

    /// <summary>Absent while it cannot be judged.</summary>
    public bool? Dropped { get; init; }
}
