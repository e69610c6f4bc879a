using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;

namespace Sluice.Operator.Api;

/// <summary>What drift, or a drop of quality, led to. Written before anything is done, so that it is done once however often the operator starts anew.</summary>
public sealed record ReactionStatus
{
    /// <summary>When it was decided; the next one is not before the period is over.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>The revision that it is about.</summary>
    public required string Revision { get; init; }

    /// <summary>When the last of the compared rows came.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? WindowEnd { get; init; }

    /// <summary>Labels that the pods had been told.</summary>
    public long? Labels { get; init; }

    /// <summary>What is handed over: the model, rows and times, what moved, and the figures of quality.</summary>
    public JsonElement? Evidence { get; init; }

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
