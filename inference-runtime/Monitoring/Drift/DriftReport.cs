using System.Collections.Immutable;

namespace Sluice.Monitoring.Drift;

/// <summary>What counts as drift.</summary>
public sealed record DriftSettings
{
    /// <summary>The score that is too far to be harmless, however many rows show it.</summary>
    public double Threshold { get; init; } = 0.1;

    /// <summary>
    /// The share of windows without drift in which any feature may be found to have drifted, all features and predictions
    /// together.
    /// </summary>
    public double FalseAlarmRate { get; init; } = 0.001;

    /// <summary>For all features that it suits; null chooses by type and size of the baseline.</summary>
    public DriftMethod? Method { get; init; }

    /// <summary>The share of features from which the data set as a whole has drifted.</summary>
    public double DataSetShare { get; init; } = 0.5;
}

/// <summary>One comparison.</summary>
/// <param name="Feature">Name of the feature or prediction.</param>
/// <param name="Threshold">What the score must exceed: the one that is set, or what chance can make at this number of rows, if that is more.</param>
public sealed record DriftScore(string Feature, DriftMethod Method, double Score, double Threshold)
{
    public bool IsDrifted => Score > Threshold;
}

/// <summary>One window against the baseline.</summary>
/// <param name="Rows">Of the window.</param>
/// <param name="Features">One or two scores for each feature: by its method, and of its missing values where there are any.</param>
/// <param name="Predictions">The same for what the model answered.</param>
/// <param name="DriftedShare">Features that drifted, of all.</param>
/// <param name="IsDataSetDrifted">Whether that share is as large as was set.</param>
public sealed record DriftReport(
    long Rows, ImmutableArray<DriftScore> Features, ImmutableArray<DriftScore> Predictions, double DriftedShare, bool IsDataSetDrifted)
{
    /// <summary>Whether any feature or prediction drifted; wrongly so at no more than the rate that was set.</summary>
    public bool IsDrifted => Features.Any(static s => s.IsDrifted) || Predictions.Any(static s => s.IsDrifted);
}
