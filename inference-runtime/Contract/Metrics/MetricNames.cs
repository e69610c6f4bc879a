namespace Sluice.Contract.Metrics;

/// <summary>Names of the metrics that runtime pods publish and that the operator, dashboards and rules read.</summary>
public static class MetricNames
{
    /// <summary>Counter {model, version, revision, protocol, code}: answered requests for a model.</summary>
    public const string Requests = "sluice_requests_total";

    /// <summary>Histogram, seconds {model, version, revision, protocol}: from the request's headers to its answer.</summary>
    public const string RequestDuration = "sluice_request_duration_seconds";

    /// <summary>Histogram, seconds {model, version, revision}: inside ONNX Runtime.</summary>
    public const string InferenceDuration = "sluice_inference_duration_seconds";

    /// <summary>Histogram, seconds {model, version, revision}: waiting for a turn.</summary>
    public const string QueueDuration = "sluice_queue_duration_seconds";

    /// <summary>Gauge {model, version, revision}: requests being worked on, the waiting ones included.</summary>
    public const string RequestsInFlight = "sluice_requests_in_flight";

    /// <summary>Gauge: calls that wait for a turn, all models together.</summary>
    public const string QueueLength = "sluice_queue_length";

    /// <summary>Gauge, seconds {model, version, revision}: what loading and warming took.</summary>
    public const string ModelLoad = "sluice_model_load_seconds";

    /// <summary>Gauge, seconds {from}: what fetching the artifact took before this process began; from is origin or cache.</summary>
    public const string ModelFetch = "sluice_model_fetch_seconds";

    /// <summary>Gauge, bytes {from}: the size of the artifact that was fetched.</summary>
    public const string ModelFetchBytes = "sluice_model_fetch_bytes";

    /// <summary>Gauge {model, version, revision}: 1 when loaded and warmed.</summary>
    public const string ModelReady = "sluice_model_ready";

    /// <summary>Counter {reason}: requests refused before they reached a model.</summary>
    public const string Rejected = "sluice_rejected_requests_total";

    /// <summary>Gauge: generation of the split document that is in force; 0 before the first.</summary>
    public const string SplitGeneration = "sluice_split_generation";

    /// <summary>Counter: split documents that could not be applied; the last good one stayed in force.</summary>
    public const string SplitErrors = "sluice_split_errors_total";

    /// <summary>
    /// Counter {revision, role, outcome}: requests by the revision that the split gave them to, as the dividing pod saw
    /// them. See <see cref="RouteRoles"/> and <see cref="RouteOutcomes"/>.
    /// </summary>
    public const string RouteRequests = "sluice_route_requests_total";

    /// <summary>Histogram, seconds {revision, role}: until that revision had answered, or had failed to.</summary>
    public const string RouteDuration = "sluice_route_duration_seconds";

    /// <summary>Counter {revision, outcome}: copies of requests. See <see cref="ShadowOutcomes"/>.</summary>
    public const string ShadowRequests = "sluice_shadow_requests_total";

    /// <summary>Counter {revision, result}: status of the shadow's answer against the user's; equal or unequal.</summary>
    public const string ShadowStatus = "sluice_shadow_status_total";

    /// <summary>Gauge {version, revision, onnxruntime}: always 1.</summary>
    public const string BuildInfo = "sluice_build_info";

    public const string ProcessMemory = "process_resident_memory_bytes";
    public const string ProcessCpu = "process_cpu_seconds_total";
    public const string ProcessStart = "process_start_time_seconds";
    public const string ProcessThreads = "process_threads";
    public const string ManagedHeap = "dotnet_gc_heap_bytes";
    public const string ManagedAllocated = "dotnet_gc_allocated_bytes_total";

    public const string ModelLabel = "model";
    public const string VersionLabel = "version";
    public const string RevisionLabel = "revision";
    public const string ProtocolLabel = "protocol";
    public const string CodeLabel = "code";
    public const string FromLabel = "from";
    public const string ReasonLabel = "reason";
    public const string RoleLabel = "role";
    public const string OutcomeLabel = "outcome";
    public const string ResultLabel = "result";
}
