using System.Text.Json.Serialization;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>One step of a rollout: a shadow or a weight, for some time or until approved.</summary>
[Cel("has(self.shadow) != has(self.weight)", "exactly one of shadow and weight must be set")]
[Cel("!has(self.shadow) || !has(self.__for__)", "write how long a shadow lasts as shadow.for")]
public sealed record RolloutStep
{
    /// <summary>Copies requests to the candidate, whose answers are compared and thrown away. Excludes weight.</summary>
    public ShadowSpec? Shadow { get; init; }

    /// <summary>The candidate's share of the requests, in percent. Excludes shadow.</summary>
    [Minimum(0), Maximum(100)]
    public int? Weight { get; init; }

    /// <summary>How long the step lasts at least, as a duration. Default 0s.</summary>
    public Duration? For { get; init; }

    /// <summary><c>required</c>: the step is left only once rollout.approve names it. Default: it is left by itself.</summary>
    public StepApproval? Approval { get; init; }
}

/// <summary>A shadow: the candidate works on copies.</summary>
public sealed record ShadowSpec
{
    /// <summary>The share of the requests that are copied, in percent. Default 100.</summary>
    [Minimum(1), Maximum(100)]
    public int? Percent { get; init; }

    /// <summary>How long at least, as a duration. Default 0s.</summary>
    public Duration? For { get; init; }

    /// <summary>How many compared requests at least. Default 0.</summary>
    [Minimum(0)]
    public int? MinRequests { get; init; }
}

/// <summary>Whether a person must agree.</summary>
[JsonConverter(typeof(StrictEnum<StepApproval>))]
public enum StepApproval
{
    [JsonStringEnumMemberName("required")]
    Required,
}
