namespace Sluice.Contract;

/// <summary>What a pod watched of one version of a model: GET /v2/models/MODEL/monitoring on the admin port.</summary>
public sealed record MonitorDocument
{
    public required string Model { get; init; }

    public required string Version { get; init; }

    public required string Revision { get; init; }

    /// <summary>Rows of the baseline; null while it is being learnt.</summary>
    public long? BaselineRows { get; init; }

    /// <summary>While the baseline is being learnt: rows until it is known.</summary>
    public long? RowsToLearn { get; init; }

    /// <summary>Inputs, outputs and features of the baseline that are not watched, each with the reason.</summary>
    public required IReadOnlyList<string> Unwatched { get; init; }

    /// <summary>What came since the last window was closed.</summary>
    public WindowDocument? Open { get; init; }

    /// <summary>The window that was closed last.</summary>
    public WindowDocument? Closed { get; init; }

    /// <summary>Null when labels are not taken.</summary>
    public FeedbackDocument? Feedback { get; init; }
}

/// <summary>How good answers were, of the latest rows whose truth was told; and what became of all that was told.</summary>
public sealed record FeedbackDocument
{
    /// <summary>Classes that are told apart.</summary>
    public const int MostClasses = 256;

    public required int Rows { get; init; }

    public double? Accuracy { get; init; }

    /// <summary>Macro: the mean over the classes.</summary>
    public double? F1 { get; init; }

    public double? Brier { get; init; }

    public double? MeanAbsoluteError { get; init; }

    /// <summary>Rows whose class was told, since the process began.</summary>
    public long ToldInAll { get; init; }

    /// <summary>Of these: those whose class was answered rightly.</summary>
    public long RightInAll { get; init; }

    /// <summary>Rows for which a class was told.</summary>
    public int? ClassRows { get; init; }

    /// <summary>Of each class how often it was answered, true and both, so that F1 over several pods can be made; null when there are more than <see cref="MostClasses"/>.</summary>
    public IReadOnlyList<ClassDocument>? Classes { get; init; }

    /// <summary>Rows with scores of the classes.</summary>
    public int? ScoredRows { get; init; }

    /// <summary>Standard deviation of the rows' Brier scores.</summary>
    public double? BrierDeviation { get; init; }

    /// <summary>Rows for which a number was told.</summary>
    public int? NumberRows { get; init; }

    /// <summary>Standard deviation of the rows' absolute errors.</summary>
    public double? ErrorDeviation { get; init; }

    public required long Joined { get; init; }

    /// <summary>Not remembered here, and judged by the prediction that came with the label.</summary>
    public required long Given { get; init; }

    public required long Unknown { get; init; }

    public required long Late { get; init; }

    public required long Duplicate { get; init; }
}

/// <summary>Of one class: the rows where it was answered rightly, and how often it was answered or true (twice where both).</summary>
public sealed record ClassDocument
{
    /// <summary>The class itself, or a stand-in for a text.</summary>
    public required long Label { get; init; }

    public required long Right { get; init; }

    public required long Seen { get; init; }
}

/// <summary>Rows that were compared with the baseline together.</summary>
public sealed record WindowDocument
{
    /// <summary>The first is 1; with the time of its start it names the window.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset Start { get; init; }

    /// <summary>Null while it is open.</summary>
    public DateTimeOffset? End { get; init; }

    public required ProfileDocument Profile { get; init; }

    /// <summary>Null while it is open.</summary>
    public DriftDocument? Drift { get; init; }
}

/// <summary>A window against the baseline.</summary>
public sealed record DriftDocument
{
    public required bool Drifted { get; init; }

    /// <summary>As many features drifted as the share that was set.</summary>
    public required bool DataSetDrifted { get; init; }

    public required double DriftedShare { get; init; }

    public required IReadOnlyList<ScoreDocument> Features { get; init; }

    public required IReadOnlyList<ScoreDocument> Predictions { get; init; }
}

public sealed record ScoreDocument
{
    public required string Feature { get; init; }

    /// <summary>psi, jensen_shannon, wasserstein, ks, chi2 or missing_share.</summary>
    public required string Method { get; init; }

    public required double Score { get; init; }

    /// <summary>A score above it is drift.</summary>
    public required double Threshold { get; init; }
}
