using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>metav1.Condition.</summary>
public sealed record Condition
{
    public required string Type { get; init; }

    /// <summary>One of <see cref="ConditionStatus"/>.</summary>
    public required string Status { get; init; }

    public long? ObservedGeneration { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}

/// <summary>The three values of a condition's status.</summary>
public static class ConditionStatus
{
    public const string True = "True";
    public const string False = "False";
    public const string Unknown = "Unknown";
}
