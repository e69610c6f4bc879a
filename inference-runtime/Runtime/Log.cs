namespace Sluice.Runtime;

/// <summary>Everything that this program logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Serving on http {Http}, grpc {Grpc}, admin {Admin}")]
    public static partial void Serving(ILogger logger, string http, string grpc, string admin);

    [LoggerMessage(40, LogLevel.Information, "Up to {Calls} calls run at a time, each on {Threads} thread(s), within {Cpus} CPU(s)")]
    public static partial void Sharing(ILogger logger, int calls, int threads, int cpus);

    [LoggerMessage(2, LogLevel.Information, "Model {Model} version {Version} loaded from {File} in {Seconds:0.000} s")]
    public static partial void ModelLoaded(ILogger logger, string model, string version, string file, double seconds);

    [LoggerMessage(3, LogLevel.Warning, "Model {Model} could not be warmed with invented input and is served as it is: {Why}")]
    public static partial void NotWarmed(ILogger logger, string model, string why);

    [LoggerMessage(4, LogLevel.Information, "{Signal}: draining for {Seconds:0.0} s, then stopping")]
    public static partial void Draining(ILogger logger, string signal, double seconds);

    [LoggerMessage(5, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "Requests were still running after {Seconds:0.0} s and were cut off")]
    public static partial void CutOff(ILogger logger, double seconds);

    [LoggerMessage(7, LogLevel.Error, "A request to {Target} failed")]
    public static partial void RequestFailed(ILogger logger, string target, Exception error);

    [LoggerMessage(8, LogLevel.Debug, "ONNX Runtime ({Severity}, {Category}): {Message}")]
    public static partial void OnnxRuntime(ILogger logger, string severity, string category, string message);

    [LoggerMessage(11, LogLevel.Information, "Model {Model} unloaded")]
    public static partial void ModelUnloaded(ILogger logger, string model);

    [LoggerMessage(9, LogLevel.Information, "Fetched {Uri}: {Bytes} bytes, sha256 {Sha256}")]
    public static partial void Fetched(ILogger logger, string uri, long bytes, string sha256);

    [LoggerMessage(10, LogLevel.Warning, "Fetching {Uri} failed ({Why}); trying again in {Seconds:0.0} s")]
    public static partial void FetchRetry(ILogger logger, string uri, string why, double seconds);

    [LoggerMessage(12, LogLevel.Warning, "What {Uri} comes from could not be learnt: {Why}")]
    public static partial void NoLineage(ILogger logger, string uri, string why);

    [LoggerMessage(13, LogLevel.Information, "Fetching {Uri}: {Bytes} {OfTotal}bytes, {Rate} bytes/s")]
    public static partial void FetchProgress(ILogger logger, string uri, long bytes, string ofTotal, long rate);

    [LoggerMessage(14, LogLevel.Information, "Took {Uri} from the node's cache: {Bytes} bytes, sha256 {Sha256}")]
    public static partial void FetchedFromCache(ILogger logger, string uri, long bytes, string sha256);

    [LoggerMessage(15, LogLevel.Warning, "The cache {Folder} is not used: {Why}")]
    public static partial void CacheTrouble(ILogger logger, string folder, string why);

    [LoggerMessage(16, LogLevel.Information, "Removed {Sha256} from the node's cache")]
    public static partial void CacheEvicted(ILogger logger, string sha256);

    [LoggerMessage(17, LogLevel.Warning, "How far the fetch is cannot be scraped: {Why}")]
    public static partial void FetchUnwatched(ILogger logger, string why);

    [LoggerMessage(18, LogLevel.Information, "Requests to model {Model} version {Version} that wait for a turn are joined, up to {Rows} rows in a run")]
    public static partial void Joined(ILogger logger, string model, string version, int rows);

    [LoggerMessage(19, LogLevel.Information, "Requests to model {Model} version {Version} are not joined: {Obstacle}")]
    public static partial void NotJoined(ILogger logger, string model, string version, string obstacle);

    [LoggerMessage(20, LogLevel.Information, "Split {Generation} is in force: {Shares}")]
    public static partial void SplitApplied(ILogger logger, long generation, string shares);

    [LoggerMessage(21, LogLevel.Error, "The split document {Path} {Problem} Split {Generation} stays in force (0: none, so this pod is not ready)")]
    public static partial void SplitRefused(ILogger logger, string path, string problem, long generation);

    [LoggerMessage(30, LogLevel.Error, "A call of model {Model} could not be recorded for monitoring; it was answered")]
    public static partial void NotRecorded(ILogger logger, string model, Exception error);

    [LoggerMessage(31, LogLevel.Information, "Model {Model}: a baseline was learnt from {Rows} rows")]
    public static partial void BaselineLearnt(ILogger logger, string model, long rows);

    [LoggerMessage(32, LogLevel.Warning, "Model {Model}: a window of {Rows} rows drifted from the baseline: {Summary}")]
    public static partial void Drifted(ILogger logger, string model, long rows, string summary);

    [LoggerMessage(33, LogLevel.Warning, "Model {Model}: not monitored: {Unwatched}")]
    public static partial void Unwatched(ILogger logger, string model, string unwatched);

    [LoggerMessage(34, LogLevel.Error, "Collecting what was monitored of model {Model} failed; it is tried again")]
    public static partial void NotCollected(ILogger logger, string model, Exception error);

    [LoggerMessage(50, LogLevel.Information, "Model {Model} version {Version} answers all {Cases} golden requests as it must")]
    public static partial void GoldenReplayed(ILogger logger, string model, string version, int cases);

    [LoggerMessage(51, LogLevel.Warning, "Model {Model} version {Version} is served without golden requests: {Folder} has none any more")]
    public static partial void GoldenGone(ILogger logger, string model, string version, string folder);

    [LoggerMessage(42, LogLevel.Warning, "Payload events are lost: {Sink} {Why}; {Failed} so far, see sluice_payload_events_total")]
    public static partial void PayloadsLost(ILogger logger, string sink, string why, double failed);

    [LoggerMessage(41, LogLevel.Error, "Payload events could not be sent; they are counted as failed")]
    public static partial void PayloadsNotSent(ILogger logger, Exception error);

    [LoggerMessage(52, LogLevel.Information, "{Count} key(s) of callers are accepted, from {Folder}")]
    public static partial void KeysAccepted(ILogger logger, int count, string folder);

    [LoggerMessage(53, LogLevel.Warning, "The keys in {Folder} cannot be read, those read before stay: {Problem}")]
    public static partial void KeysUnreadable(ILogger logger, string folder, string problem);

    [LoggerMessage(60, LogLevel.Information, "{Rows} rows, {Percent:0.0} % of the table; {Rejected} rejected; {PerSecond:0} rows per second")]
    public static partial void BatchGoesOn(ILogger logger, long rows, double percent, long rejected, double perSecond);

    [LoggerMessage(61, LogLevel.Information, "{Output}: goes on after {Rows} rows of an earlier run")]
    public static partial void BatchResumed(ILogger logger, string output, long rows);

    [LoggerMessage(62, LogLevel.Warning, "{Output}: begins anew; the {Rows} rows of an earlier run were of another model or table, with other options, or are gone")]
    public static partial void BatchAnew(ILogger logger, string output, long rows);

    [LoggerMessage(63, LogLevel.Warning, "Column {Column} is not used: the model has no input of that name, and it is not kept")]
    public static partial void ColumnUnused(ILogger logger, string column);
}
