using System.Text.Json.Serialization;

namespace Sluice.Operator.Api;

/// <summary>How a new revision takes over from the one that serves.</summary>
public sealed record RolloutSpec
{
    /// <summary>The preset of steps. Default Immediate: the new revision takes over as soon as it is Ready.</summary>
    public RolloutStrategy? Strategy { get; init; }

    /// <summary>The steps, in order; the first is step 0. Default: those of the strategy.</summary>
    public IReadOnlyList<RolloutStep>? Steps { get; init; }

    /// <summary>Checks over evidence, all of which must pass before a step is left. Default: those of the strategy.</summary>
    public IReadOnlyList<GateSpec>? Gates { get; init; }

    /// <summary>How long the old revision is kept at full size after promotion, as a duration, so that going back needs no pod start. Default 0s.</summary>
    public Duration? Soak { get; init; }

    /// <summary>Which requests belong together, for sticky A/B. Default: each request is drawn for itself.</summary>
    public AssignmentSpec? Assignment { get; init; }

    /// <summary>Holds the rollout where it is. Going back works while paused. Default false.</summary>
    public bool? Paused { get; init; }

    /// <summary>Approves steps of one candidate. An approval for another digest does nothing.</summary>
    public ApproveSpec? Approve { get; init; }

    /// <summary>Takes one candidate back. An abort for another digest does nothing.</summary>
    public AbortSpec? Abort { get; init; }

    /// <summary>Any text; changing it allows another attempt with a candidate that failed before.</summary>
    public string? Retry { get; init; }

    /// <summary>How long a candidate may take to become Ready, as a duration, before the service says Stalled. Default 10m.</summary>
    public Duration? ProgressDeadline { get; init; }

    /// <summary>Whether a version may take over whose inputs or outputs do not fit those of the version that serves. Default false.</summary>
    public bool? AllowSignatureChange { get; init; }

    /// <summary>Who splits the traffic. Default Pods: the serving pods do it themselves.</summary>
    public SplitRouter? Router { get; init; }

    /// <summary>With router GatewayAPI: the Gateway that the HTTPRoute is attached to.</summary>
    public GatewayReference? GatewayRef { get; init; }
}

/// <summary>Presets of steps.</summary>
[JsonConverter(typeof(StrictEnum<RolloutStrategy>))]
public enum RolloutStrategy
{
    Immediate,
    Canary,
    BlueGreen,
    Shadow,
    ABTest,
}

/// <summary>Who splits the traffic.</summary>
[JsonConverter(typeof(StrictEnum<SplitRouter>))]
public enum SplitRouter
{
    Pods,
    GatewayAPI,
}

/// <summary>The unit of assignment in a sticky split.</summary>
public sealed record AssignmentSpec
{
    /// <summary>The request header whose value decides: equal values always get the same revision, and nobody flips back during a ramp.</summary>
    public required string Header { get; init; }
}

/// <summary>Approval of steps.</summary>
public sealed record ApproveSpec
{
    /// <summary>The candidate's digest as in status.candidate.digest.</summary>
    public required string Digest { get; init; }

    /// <summary>The last step that is approved, counted from 0. Default: all of them.</summary>
    public int? ThroughStep { get; init; }
}

/// <summary>Abort of one candidate.</summary>
public sealed record AbortSpec
{
    /// <summary>The candidate's digest as in status.candidate.digest.</summary>
    public required string Digest { get; init; }
}

/// <summary>A Gateway of the Gateway API.</summary>
public sealed record GatewayReference
{
    /// <summary>The Gateway's name.</summary>
    public required string Name { get; init; }

    /// <summary>The Gateway's namespace. Default: that of the service.</summary>
    public string? Namespace { get; init; }

    /// <summary>The listener's name. Default: every listener that takes the route.</summary>
    public string? SectionName { get; init; }

    /// <summary>The host names that the service answers to. Default: all of the listener.</summary>
    public IReadOnlyList<string>? Hostnames { get; init; }
}
