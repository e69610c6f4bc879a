namespace Sluice.Contract.Metrics;

/// <summary>Names of the metrics that runtime pods publish and that the operator, dashboards and rules read.</summary>
public static class MetricNames
{
    public const string Requests = "sluice_requests_total";
    public const string RequestDuration = "sluice_request_duration_seconds";
    public const string InferenceDuration = "sluice_inference_duration_seconds";
    public const string QueueDuration = "sluice_queue_duration_seconds";
    public const string RequestsInFlight = "sluice_requests_in_flight";
    public const string BatchRows = "sluice_batch_rows";
    public const string BatchLimit = "sluice_batch_limit_rows";
    public const string QueueLength = "sluice_queue_length";
    public const string ModelLoad = "sluice_model_load_seconds";
    public const string ModelFetch = "sluice_model_fetch_seconds";
    public const string ModelFetchBytes = "sluice_model_fetch_bytes";
    public const string FetchReceived = "sluice_model_fetch_received_bytes";
    public const string FetchExpected = "sluice_model_fetch_expected_bytes";
    public const string FetchRetries = "sluice_model_fetch_retries_total";
    public const string ModelReady = "sluice_model_ready";
    public const string Rejected = "sluice_rejected_requests_total";
    public const string SplitGeneration = "sluice_split_generation";
    public const string SplitErrors = "sluice_split_errors_total";
    public const string RouteRequests = "sluice_route_requests_total";
    public const string RouteDuration = "sluice_route_duration_seconds";
    public const string ShadowRequests = "sluice_shadow_requests_total";
    public const string ShadowStatus = "sluice_shadow_status_total";
    public const string ShadowComparisons = "sluice_shadow_comparisons_total";
    public const string ShadowFlips = "sluice_shadow_flips_total";
    public const string ShadowDistance = "sluice_shadow_distance";
    public const string ShadowAbsoluteDistance = "sluice_shadow_absolute_distance";
    public const string ShadowLatencyDifference = "sluice_shadow_latency_difference_seconds";
    public const string NotFiniteAnswers = "sluice_not_finite_answers_total";
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
    public const string ToLabel = "to";
    public const string OutputLabel = "output";
    public const string ReasonLabel = "reason";
    public const string RoleLabel = "role";
    public const string OutcomeLabel = "outcome";
    public const string ResultLabel = "result";
    public const string OnnxRuntimeLabel = "onnxruntime";
}
