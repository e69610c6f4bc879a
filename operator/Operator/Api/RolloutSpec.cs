using System.Text.Json.Serialization;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>How a new revision takes over from the one that serves.</summary>
[Cel("self.strategy != 'Immediate' || !(has(self.steps) || has(self.gates))", "steps and gates need a strategy that takes steps: Canary, BlueGreen, Shadow or ABTest")]
[Cel("self.strategy != 'BlueGreen' || !has(self.steps) || self.steps.all(s, has(s.weight) && s.weight in [0, 100])", "BlueGreen moves all users at once: its steps have weight 0 or 100")]
[Cel("self.strategy != 'Shadow' || !has(self.steps) || self.steps.all(s, has(s.shadow))", "the steps of strategy Shadow are shadows; use Canary to go on to weights")]
[Cel("self.strategy != 'ABTest' || !has(self.steps) || self.steps.all(s, has(s.weight))", "the steps of strategy ABTest are weights")]
[Cel("!has(self.assignment) || self.strategy == 'ABTest'", "assignment is for strategy ABTest")]
[Cel("!has(self.assignment) || self.router != 'GatewayAPI'", "assignment needs router Pods: an HTTPRoute draws for each request anew")]
[Cel("has(self.gatewayRef) == (self.router == 'GatewayAPI')", "router GatewayAPI and gatewayRef go together")]
public sealed record RolloutSpec
{
    /// <summary>The preset of steps. Default Immediate: the new revision takes over as soon as it is Ready.</summary>
    [CrdDefault("\"Immediate\"")]
    public RolloutStrategy? Strategy { get; init; }

    /// <summary>The steps, in order; the first is step 0. Default: those of the strategy.</summary>
    [ListAtomic, MinItems(1), MaxItems(32)]
    [Cel("self.map(s, has(s.weight) ? s.weight : -1).isSorted()", "shadows come first, and no weight is below the one before it")]
    public IReadOnlyList<RolloutStep>? Steps { get; init; }

    /// <summary>Checks over evidence, all of which must pass before a step is left. Default with strategy Canary and router Pods: errors, latency, NaN and agreement against the revision that serves; else none. An empty list asks for none.</summary>
    [ListMap("name"), MaxItems(16)]
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
    [MaxLength(63)]
    public string? Retry { get; init; }

    /// <summary>How long a candidate may take to become Ready, as a duration, before the service says Stalled. Default 10m.</summary>
    public Duration? ProgressDeadline { get; init; }

    /// <summary>Whether a version may take over whose inputs or outputs do not fit those of the version that serves. Default false.</summary>
    public bool? AllowSignatureChange { get; init; }

    /// <summary>Who splits the traffic. Default Pods: the serving pods do it themselves.</summary>
    [CrdDefault("\"Pods\"")]
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
    [Pattern("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$"), MaxLength(256)]
    public required string Header { get; init; }
}

/// <summary>Approval of steps.</summary>
public sealed record ApproveSpec
{
    /// <summary>The candidate's digest as in status.candidate.digest.</summary>
    [Pattern("^(sha256:[0-9a-f]{64}|[a-z]([-a-z0-9]{0,61}[a-z0-9])?)$"), MaxLength(71)]
    public required string Digest { get; init; }

    /// <summary>The last step that is approved, counted from 0. Default: all of them.</summary>
    [Minimum(0), Maximum(31)]
    public int? ThroughStep { get; init; }
}

/// <summary>Abort of one candidate.</summary>
public sealed record AbortSpec
{
    /// <summary>The candidate's digest as in status.candidate.digest.</summary>
    [Pattern("^(sha256:[0-9a-f]{64}|[a-z]([-a-z0-9]{0,61}[a-z0-9])?)$"), MaxLength(71)]
    public required string Digest { get; init; }
}

/// <summary>A Gateway of the Gateway API.</summary>
public sealed record GatewayReference
{
    /// <summary>The Gateway's name.</summary>
    [Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"), MinLength(1), MaxLength(253)]
    public required string Name { get; init; }

    /// <summary>The Gateway's namespace. Default: that of the service.</summary>
    [Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"), MaxLength(63)]
    public string? Namespace { get; init; }

    /// <summary>The listener's name. Default: every listener that takes the route.</summary>
    [Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"), MinLength(1), MaxLength(253)]
    public string? SectionName { get; init; }

    /// <summary>The host names that the service answers to. Default: all of the listener.</summary>
    [ListSet, MaxItems(16), MaxLength(253)]
    public IReadOnlyList<string>? Hostnames { get; init; }
}
