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

    /// <summary>How many labels called its answers right.</summary>
    public AccuracyStatus? Accuracy { get; init; }

    /// <summary>What drift led to last.</summary>
    public ReactionStatus? Reaction { get; init; }
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

/// <summary>Quality from feedback.</summary>
public sealed record AccuracyStatus
{
    /// <summary>Right answers, of those whose truth was told.</summary>
    public required double Accuracy { get; init; }

    /// <summary>What the ModelVersion's metrics promise; absent when they promise nothing.</summary>
    public double? Expected { get; init; }

    /// <summary>Answers whose truth was told, of the latest of each pod.</summary>
    public required long Rows { get; init; }

    /// <summary>When this was seen.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset Time { get; init; }
}

/// <summary>What drift led to. Written before anything is done, so that it is done once however often the operator starts anew.</summary>
public sealed record ReactionStatus
{
    /// <summary>When it was decided; the next one is not before onDrift.period later.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>The revision whose data had drifted.</summary>
    public required string Revision { get; init; }

    /// <summary>The revision's ModelVersion, or its own name for an inline model.</summary>
    public string? Version { get; init; }

    /// <summary>Rows that showed it.</summary>
    public required long Rows { get; init; }

    /// <summary>When the first of them came.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset WindowStart { get; init; }

    /// <summary>When the last of them came.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset WindowEnd { get; init; }

    /// <summary>What had moved; at most ten.</summary>
    [ListAtomic, MaxItems(10)]
    public required IReadOnlyList<DriftScoreStatus> Moved { get; init; }

    /// <summary>The Job that is started; absent without a jobTemplate.</summary>
    public string? Job { get; init; }

    /// <summary>True once the Job has been created.</summary>
    public bool? JobStarted { get; init; }

    /// <summary>The id of the CloudEvent that is sent; absent without a url.</summary>
    public string? EventId { get; init; }

    /// <summary>True once the receiver has taken it.</summary>
    public bool? EventSent { get; init; }

    /// <summary>Why it is not done yet, while something is in the way; it is tried again.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether something is still to be done.</summary>
    [JsonIgnore]
    public bool IsPending => (Job is not null && JobStarted is not true) || (EventId is not null && EventSent is not true);
}
