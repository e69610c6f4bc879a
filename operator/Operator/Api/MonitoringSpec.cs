using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>What a pod watches beside serving.</summary>
[Cel("!has(self.onDrift) || has(self.drift)", "onDrift needs drift: {} beside it, which finds it")]
[Cel("!has(self.onQualityDrop) || has(self.feedback)", "onQualityDrop needs feedback: {} beside it, which finds it")]
public sealed record MonitoringSpec
{
    /// <summary>Distance of what is asked and answered from the model's baseline.</summary>
    public DriftSpec? Drift { get; init; }

    /// <summary>Quality from labels that callers send later.</summary>
    public FeedbackSpec? Feedback { get; init; }

    /// <summary>What happens when drift is found, beside the condition DriftDetected.</summary>
    public ReactionSpec? OnDrift { get; init; }

    /// <summary>What happens when labels show a drop of quality, beside the condition QualityDropped.</summary>
    public ReactionSpec? OnQualityDrop { get; init; }

    /// <summary>What a value comes to that is not what the ModelVersion expects of its feature, whatever the expectation says. Default: as each says.</summary>
    public ViolationPolicy? Violations { get; init; }
}

/// <summary>What becomes of a request whose values are not as expected.</summary>
[JsonConverter(typeof(StrictEnum<ViolationPolicy>))]
public enum ViolationPolicy
{
    /// <summary>It is answered, and the values are counted.</summary>
    [JsonStringEnumMemberName("count")]
    Count,

    /// <summary>It is answered 400.</summary>
    [JsonStringEnumMemberName("reject")]
    Reject,
}

/// <summary>When the data counts as drifted. Needs the baseline of a ModelVersion, or learnBaseline.</summary>
public sealed record DriftSpec
{
    /// <summary>The score from which a feature counts as drifted, unless chance alone reaches it. Default 0.1.</summary>
    [CrdDefault("0.1"), Minimum(0, Exclusive = true), Maximum(1)]
    public double? Threshold { get; init; }

    /// <summary>Rows that a pod gathers before they are compared with the baseline. Default 1000.</summary>
    [CrdDefault("1000"), Minimum(50), Maximum(1000000)]
    public int? Window { get; init; }

    /// <summary>A window with fewer rows, but 50, is compared after this time, as a duration. Default 1h.</summary>
    public Duration? WindowTime { get; init; }

    /// <summary>The share of windows without drift in which any feature may be found to have drifted. Default 0.001.</summary>
    [Minimum(0, Exclusive = true), Maximum(0.5)]
    public double? FalseAlarms { get; init; }

    /// <summary>How distances are measured. Default: as suits a feature's type and the number of rows in the baseline.</summary>
    public DistanceMethod? Method { get; init; }

    /// <summary>For a model whose ModelVersion has no baseline: each pod takes its first so many rows for one. Default: none is learnt.</summary>
    [Minimum(50), Maximum(100000)]
    public int? LearnBaseline { get; init; }
}

/// <summary>Distances of two distributions.</summary>
[JsonConverter(typeof(StrictEnum<DistanceMethod>))]
public enum DistanceMethod
{
    [JsonStringEnumMemberName("psi")]
    Psi,
    [JsonStringEnumMemberName("jensen_shannon")]
    JensenShannon,
    [JsonStringEnumMemberName("wasserstein")]
    Wasserstein,
    [JsonStringEnumMemberName("ks")]
    KolmogorovSmirnov,
    [JsonStringEnumMemberName("chi2")]
    ChiSquare,
}

/// <summary>How labels are joined to predictions.</summary>
public sealed record FeedbackSpec
{
    internal const int DefaultWindow = 10000;
    internal const double DefaultMaxDrop = 0.05;
    internal const double DefaultMaxErrorRise = 0.05;

    /// <summary>How many predictions each pod remembers for labels that come later. Default 10000.</summary>
    [CrdDefault("10000"), Minimum(1), Maximum(1000000)]
    public int? Window { get; init; }

    /// <summary>How far accuracy and f1 may fall below those stated in the ModelVersion's metrics, and brier rise above. Default 0.05.</summary>
    [CrdDefault("0.05"), Minimum(0), Maximum(1)]
    public double? MaxDrop { get; init; }

    /// <summary>How far the mean absolute error may rise above the mae stated in the ModelVersion's metrics, as a share of it. Default 0.05.</summary>
    [CrdDefault("0.05"), Minimum(0), Maximum(100)]
    public double? MaxErrorRise { get; init; }
}

/// <summary>Consequences of drift, or of a drop of quality.</summary>
[Cel("!has(self.period) || has(self.url) || has(self.jobTemplate)", "period is the time between two reactions; set url or jobTemplate with it")]
public sealed record ReactionSpec
{
    /// <summary>Holds a running rollout where it is. Default false.</summary>
    public bool? Hold { get; init; }

    /// <summary>Where a CloudEvent is posted, as an http or https URL.</summary>
    [Pattern("^https?://[^\\s]+$"), MaxLength(2048)]
    public string? Url { get; init; }

    /// <summary>The template of a Job to start, for example to retrain; its environment holds the evidence.</summary>
    public JsonElement? JobTemplate { get; init; }

    /// <summary>The shortest time between two reactions, as a duration. Default 24h.</summary>
    public Duration? Period { get; init; }
}
