namespace Sluice.Contract;

/// <summary>Environment variables of the runtime. Each option <c>--some-name</c> of <c>serve</c> is also SLUICE_SOME_NAME.</summary>
public static class RuntimeVariables
{
    /// <summary>The revision that this pod belongs to: answered in <see cref="Headers.Revision"/>, a label of its metrics.</summary>
    public const string Revision = "SLUICE_REVISION";

    public const string Model = "SLUICE_MODEL";
    public const string Name = "SLUICE_NAME";
    public const string ModelVersion = "SLUICE_MODEL_VERSION";
    public const string Http = "SLUICE_HTTP";
    public const string Grpc = "SLUICE_GRPC";
    public const string Admin = "SLUICE_ADMIN";
    public const string DrainDelay = "SLUICE_DRAIN_DELAY";
    public const string RequestTimeout = "SLUICE_REQUEST_TIMEOUT";
    public const string DrainTimeout = "SLUICE_DRAIN_TIMEOUT";
    public const string Concurrency = "SLUICE_CONCURRENCY";

    /// <summary>Rows in one run of requests that are joined; without it none are.</summary>
    public const string BatchSize = "SLUICE_BATCH_SIZE";

    /// <summary>What a run may take longer for the requests that are joined.</summary>
    public const string BatchLatency = "SLUICE_BATCH_LATENCY";

    /// <summary>The folder with the keys of callers, see <see cref="ApiKeyFiles"/>.</summary>
    public const string ApiKeys = "SLUICE_API_KEYS";

    /// <summary>The file with the <see cref="SplitDocument"/>; without it a pod answers everything itself.</summary>
    public const string Split = "SLUICE_SPLIT";

    /// <summary>Golden answers, see <see cref="ReferenceFiles"/>: a file, or the folder that it lies in.</summary>
    public const string Golden = "SLUICE_GOLDEN";

    /// <summary>The model's baseline, see <see cref="ReferenceFiles"/>: a file, or the folder that it lies in.</summary>
    public const string Baseline = "SLUICE_BASELINE";

    /// <summary>What the features are expected to be, a list of <see cref="ExpectationDocument"/>: the JSON itself, or a file with it.</summary>
    public const string Expectations = "SLUICE_EXPECTATIONS";

    /// <summary>What a violation of them comes to: <see cref="ViolationResults"/>; without it, each says so itself.</summary>
    public const string Violations = "SLUICE_VIOLATIONS";

    public const string LearnBaseline = "SLUICE_LEARN_BASELINE";
    public const string DriftWindow = "SLUICE_DRIFT_WINDOW";
    public const string DriftWindowTime = "SLUICE_DRIFT_WINDOW_TIME";
    public const string DriftThreshold = "SLUICE_DRIFT_THRESHOLD";
    public const string DriftFalseAlarms = "SLUICE_DRIFT_FALSE_ALARMS";
    public const string DriftMethod = "SLUICE_DRIFT_METHOD";
    public const string FeedbackWindow = "SLUICE_FEEDBACK_WINDOW";
    public const string PayloadLog = "SLUICE_PAYLOAD_LOG";
    public const string PayloadLogTo = "SLUICE_PAYLOAD_LOG_TO";
    public const string PayloadLogSample = "SLUICE_PAYLOAD_LOG_SAMPLE";
    public const string PayloadLogExclude = "SLUICE_PAYLOAD_LOG_EXCLUDE";
    public const string PayloadLogHeaders = "SLUICE_PAYLOAD_LOG_HEADERS";
    public const string PayloadLogQueue = "SLUICE_PAYLOAD_LOG_QUEUE";
    public const string PayloadLogBatch = "SLUICE_PAYLOAD_LOG_BATCH";
    public const string PayloadLogInterval = "SLUICE_PAYLOAD_LOG_INTERVAL";
    public const string PayloadLogMaxSize = "SLUICE_PAYLOAD_LOG_MAX_SIZE";
}
