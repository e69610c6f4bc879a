namespace Sluice.Operator.Monitoring;

/// <summary>Something that moved, with how it was and how it is.</summary>
internal sealed record MovedFeature
{
    /// <summary>The feature, or the output.</summary>
    public required string Feature { get; init; }

    /// <summary>True for what the model answers.</summary>
    public bool? Prediction { get; init; }

    /// <summary>psi, jensen_shannon, wasserstein, ks, chi2 or missing_share.</summary>
    public required string Method { get; init; }

    /// <summary>The distance.</summary>
    public required double Score { get; init; }

    /// <summary>What it exceeds.</summary>
    public required double Threshold { get; init; }

    /// <summary>How it was distributed in the baseline.</summary>
    public DistributionSummary? Baseline { get; init; }

    /// <summary>The same in the rows that showed it.</summary>
    public DistributionSummary? Observed { get; init; }
}
