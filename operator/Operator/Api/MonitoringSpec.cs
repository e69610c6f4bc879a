using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>What a pod watches beside serving.</summary>
public sealed record MonitoringSpec
{
    /// <summary>Distance of what is asked and answered from the model's baseline.</summary>
    public DriftSpec? Drift { get; init; }

    /// <summary>Accuracy from labels that callers send later.</summary>
    public FeedbackSpec? Feedback { get; init; }

    /// <summary>What happens when drift is found, beside the condition DriftDetected.</summary>
    public OnDriftSpec? OnDrift { get; init; }

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

/// <summary>When the data counts as drifted.</summary>
public sealed record DriftSpec
{
    /// <summary>The score from which a feature counts as drifted. Default 0.1.</summary>
    [CrdDefault("0.1"), Minimum(0, Exclusive = true)]
    public double? Threshold { get; init; }

    /// <summary>Rows per window that is compared with the baseline. Default 1000.</summary>
    [CrdDefault("1000"), Minimum(10), Maximum(1000000)]
    public int? Window { get; init; }
}

/// <summary>How labels are joined to predictions.</summary>
public sealed record FeedbackSpec
{
    /// <summary>How many predictions each pod remembers for labels that come later. Default 10000.</summary>
    [CrdDefault("10000"), Minimum(1), Maximum(1000000)]
    public int? Window { get; init; }

    /// <summary>How far the accuracy may fall below the one stated in the ModelVersion. Default 0.05.</summary>
    [CrdDefault("0.05"), Minimum(0), Maximum(1)]
    public double? MaxDrop { get; init; }
}

/// <summary>Consequences of drift.</summary>
[Cel("!has(self.period) || has(self.url) || has(self.jobTemplate)", "period is the time between two reactions; set url or jobTemplate with it")]
public sealed record OnDriftSpec
{
    /// <summary>Holds a running rollout where it is. Default false.</summary>
    public bool? Hold { get; init; }

    /// <summary>Where a CloudEvent is posted, as an http or https URL.</summary>
    [Pattern("^https?://[^\\s]+$"), MaxLength(2048)]
    public string? Url { get; init; }

    /// <summary>A Kubernetes Job template that is started, for example to retrain; the evidence is handed over in its environment.</summary>
    public JsonElement? JobTemplate { get; init; }

    /// <summary>The shortest time between two reactions, as a duration. Default 24h.</summary>
    public Duration? Period { get; init; }
}
