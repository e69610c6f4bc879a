using System.Text.Json.Serialization;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>One named check over evidence. Exactly one of errorRate, latency, agreement, drift, accuracy, nanRate and prometheus.</summary>
[Cel("[has(self.errorRate), has(self.latency), has(self.agreement), has(self.drift), has(self.accuracy), has(self.nanRate), has(self.prometheus)].filter(kind, kind).size() == 1", "exactly one of errorRate, latency, agreement, drift, accuracy, nanRate and prometheus must be set")]
[Cel("!has(self.onUndecided) || has(self.maxDuration)", "onUndecided says what happens after maxDuration; set maxDuration with it")]
public sealed record GateSpec
{
    /// <summary>The gate's name in status and Events.</summary>
    [Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"), MaxLength(63)]
    public required string Name { get; init; }

    /// <summary>Failed requests among all.</summary>
    public ErrorRateGate? ErrorRate { get; init; }

    /// <summary>How long requests take.</summary>
    public LatencyGate? Latency { get; init; }

    /// <summary>How often the candidate answers as stable does, in shadow.</summary>
    public AgreementGate? Agreement { get; init; }

    /// <summary>Distance of the data from the baseline.</summary>
    public DriftGate? Drift { get; init; }

    /// <summary>Accuracy from feedback.</summary>
    public AccuracyGate? Accuracy { get; init; }

    /// <summary>Answers that hold NaN or infinity among all.</summary>
    public NanRateGate? NanRate { get; init; }

    /// <summary>A value that Prometheus knows.</summary>
    public PrometheusGate? Prometheus { get; init; }

    /// <summary>Requests that must have been seen before the gate decides. Default: what the gate's test needs.</summary>
    [Minimum(1)]
    public int? MinSamples { get; init; }

    /// <summary>How long the gate may stay undecided, as a duration. Default: without end.</summary>
    public Duration? MaxDuration { get; init; }

    /// <summary>What happens when maxDuration is over and the gate is undecided. Default Hold.</summary>
    public UndecidedAction? OnUndecided { get; init; }
}

/// <summary>Bounds for failed requests, as shares between 0 and 1; at least one.</summary>
[Cel("has(self.max) || has(self.maxOverStable)", "at least one of max and maxOverStable must be set")]
public sealed record ErrorRateGate
{
    /// <summary>The most that may fail.</summary>
    [Minimum(0), Maximum(1)]
    public double? Max { get; init; }

    /// <summary>How much more may fail than at stable.</summary>
    [Minimum(0), Maximum(1)]
    public double? MaxOverStable { get; init; }
}

/// <summary>Bounds for a quantile of the latency; at least one of max and maxRatio.</summary>
[Cel("has(self.max) || has(self.maxRatio)", "at least one of max and maxRatio must be set")]
public sealed record LatencyGate
{
    /// <summary>The quantile, above 0 and below 1. Default 0.95.</summary>
    [Minimum(0, Exclusive = true), Maximum(1, Exclusive = true)]
    public double? Quantile { get; init; }

    /// <summary>The longest, as a duration.</summary>
    public Duration? Max { get; init; }

    /// <summary>The longest as a multiple of stable's.</summary>
    [Minimum(0, Exclusive = true)]
    public double? MaxRatio { get; init; }
}

/// <summary>A bound for agreement in shadow.</summary>
public sealed record AgreementGate
{
    /// <summary>The least share of requests that are answered alike, between 0 and 1.</summary>
    [Minimum(0), Maximum(1)]
    public required double Min { get; init; }

    /// <summary>The output that is compared. Default: all.</summary>
    [MinLength(1), MaxLength(512)]
    public string? Output { get; init; }

    /// <summary>How far apart numbers may be, as a share of the larger one. Default 0.01, and only for gates that name an output; one that is set counts for the whole answer too.</summary>
    [Minimum(0)]
    public double? Tolerance { get; init; }

    /// <summary>How far apart numbers may be beside that, in their own unit. Default: as good as nothing.</summary>
    [Minimum(0)]
    public double? AbsoluteTolerance { get; init; }

    /// <summary>The share of copies, in percent, that another pod of stable answers too: what differs there is not held against the candidate. 0 for none. Default 25.</summary>
    [Minimum(0), Maximum(100)]
    public int? FloorPercent { get; init; }
}

/// <summary>Bounds for drift; at least one.</summary>
[Cel("has(self.max) || has(self.maxOverStable)", "at least one of max and maxOverStable must be set")]
public sealed record DriftGate
{
    /// <summary>The highest drift score.</summary>
    [Minimum(0)]
    public double? Max { get; init; }

    /// <summary>How much higher the score may be than stable's.</summary>
    [Minimum(0)]
    public double? MaxOverStable { get; init; }
}

/// <summary>Bounds for accuracy; at least one.</summary>
[Cel("has(self.min) || has(self.maxDrop)", "at least one of min and maxDrop must be set")]
public sealed record AccuracyGate
{
    /// <summary>The least accuracy, between 0 and 1.</summary>
    [Minimum(0), Maximum(1)]
    public double? Min { get; init; }

    /// <summary>How far accuracy may lie below stable's.</summary>
    [Minimum(0), Maximum(1)]
    public double? MaxDrop { get; init; }
}

/// <summary>Bounds for answers that are not numbers; at least one.</summary>
[Cel("has(self.max) || has(self.maxOverStable)", "at least one of max and maxOverStable must be set")]
public sealed record NanRateGate
{
    /// <summary>The largest share of answers with NaN or infinity, between 0 and 1.</summary>
    [Minimum(0), Maximum(1)]
    public double? Max { get; init; }

    /// <summary>How much larger the share may be than stable's.</summary>
    [Minimum(0), Maximum(1)]
    public double? MaxOverStable { get; init; }
}

/// <summary>Bounds for the one number that a PromQL query yields; at least one.</summary>
[Cel("has(self.min) || has(self.max)", "at least one of min and max must be set")]
[Cel("!has(self.min) || !has(self.max) || self.min <= self.max", "min must not be above max")]
public sealed record PrometheusGate
{
    /// <summary>The query.</summary>
    [MinLength(1), MaxLength(4096)]
    public required string Query { get; init; }

    /// <summary>The least value.</summary>
    public double? Min { get; init; }

    /// <summary>The largest value.</summary>
    public double? Max { get; init; }
}

/// <summary>The way out of an undecided gate.</summary>
[JsonConverter(typeof(StrictEnum<UndecidedAction>))]
public enum UndecidedAction
{
    Hold,
    RollBack,
}
