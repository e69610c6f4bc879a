using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>
/// events.k8s.io/v1 Event. <c>kubectl describe</c> reads the same storage as core/v1, where <c>note</c> is called
/// message and <c>regarding</c> involvedObject.
/// </summary>
public sealed record Event : KubeObject<Event>, IKubeObject<Event>
{
    public static ResourceKind Kind => new("events.k8s.io", "v1", "Event", "events");

    public static JsonTypeInfo<Event> JsonType => KubeJson.Default.Event;

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? EventTime { get; init; }

    public EventSeries? Series { get; init; }

    public string? ReportingController { get; init; }

    public string? ReportingInstance { get; init; }

    public string? Action { get; init; }

    public string? Reason { get; init; }

    public ObjectReference? Regarding { get; init; }

    public ObjectReference? Related { get; init; }

    public string? Note { get; init; }

    /// <summary>Normal or Warning.</summary>
    public string? Type { get; init; }
}

/// <summary>events.k8s.io/v1 EventSeries; the count starts at 2.</summary>
public sealed record EventSeries
{
    public required int Count { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? LastObservedTime { get; init; }
}
