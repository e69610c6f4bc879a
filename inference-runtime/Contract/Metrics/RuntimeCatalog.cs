using System.Collections.Immutable;
using static Sluice.Contract.Metrics.MetricDescriptor;
using static Sluice.Contract.Metrics.MetricNames;
using Monitor = Sluice.Contract.Metrics.MonitorMetricNames;
using Payload = Sluice.Contract.Metrics.PayloadMetricNames;

namespace Sluice.Contract.Metrics;

/// <summary>Every metric of a runtime pod. What is not here cannot be published; docs/metrics.md is made of it.</summary>
public static class RuntimeCatalog
{
    private static readonly string[] Model = [ModelLabel, VersionLabel, RevisionLabel];
    private static readonly string[] Feature = [.. Model, Monitor.FeatureLabel];
    private static readonly string[] Score = [.. Feature, Monitor.MethodLabel];

    public static ImmutableArray<MetricGroup> Groups { get; } =
    [
        new("Requests", "Always; series appear with the first request.",
        [
            Counter(Requests, "Answered requests for a model; protocol is v1, v2, grpc or simple, code an HTTP status or a gRPC status below 17.", [.. Model, ProtocolLabel, CodeLabel]),
            Histogram(RequestDuration, "From a request's headers to its answer.", [.. Model, ProtocolLabel]),
            Histogram(InferenceDuration, "Inside ONNX Runtime.", Model),
            Histogram(QueueDuration, "Waiting for a turn.", Model),
            Gauge(RequestsInFlight, "Requests being worked on, the waiting ones included.", Model),
            Gauge(QueueLength, "Calls that wait for a turn, all models together."),
            Counter(Rejected, "Requests refused before they reached a model: wrong path, method or protocol, or no key.", ReasonLabel),
        ]),
        new("Models", "Always; those about fetching when an init container fetched the artifact.",
        [
            Gauge(ModelReady, "1 when loaded and warmed.", Model),
            Gauge(ModelLoad, "What loading and warming took.", Model),
            Gauge(ModelFetch, "What fetching the artifact took before this process began; from is origin or cache.", FromLabel),
            Gauge(ModelFetchBytes, "Size of the artifact that was fetched.", FromLabel),
        ]),
        new("Batching", "While requests may be joined (predictor.batcher, --batch-size).",
        [
            Histogram(BatchRows, "Rows in a run of a model whose requests are joined, of one request or several.", Model),
            Gauge(BatchLimit, "Rows that may be in one run, as was found when the model was loaded; 1 joins nothing.", Model),
        ]),
        new("Fetching", "From the init container of a pod, on its port fetch, while it fetches.",
        [
            Gauge(FetchReceived, "Bytes of the artifact that are there."),
            Gauge(FetchExpected, "Bytes of the whole artifact; absent while the storage has not said."),
            Counter(FetchRetries, "Tries that failed in a way that may pass."),
        ]),
        new("Routing", "With a split document, as in every pod in the cluster.",
        [
            Gauge(SplitGeneration, "Generation of the split document in force; 0 before the first."),
            Counter(SplitErrors, "Split documents that could not be applied; the last good one stayed in force."),
            Counter(RouteRequests, "Requests by the revision that the split gave them to. Role: stable (answered here), candidate (passed on), asked (the caller named it). Outcome: answered, failed, unavailable, unreachable, late, withheld or cancelled.", RevisionLabel, RoleLabel, OutcomeLabel),
            Histogram(RouteDuration, "Until that revision had answered, or had failed to.", RevisionLabel, RoleLabel),
            Counter(ShadowRequests, "Copies of requests; sent, failed or dropped.", RevisionLabel, OutcomeLabel),
            Counter(ShadowStatus, "The shadow's status against the user's; equal or unequal.", RevisionLabel, ResultLabel),
            Counter(ShadowComparisons, "Answers to copies against those that users got, and their outputs one by one; output is empty for whole answers. Result: same, different, mismatch (shape, type or presence) or unread. Under the name of the dividing revision: what differs between pods of it.", RevisionLabel, OutputLabel, ResultLabel),
            Counter(ShadowFlips, "Labels that came out otherwise; at most 64 kinds for each output.", RevisionLabel, OutputLabel, FromLabel, ToLabel),
            Histogram(ShadowDistance, "Of an output's numbers, the largest relative distance within a pair.", RevisionLabel, OutputLabel),
            Histogram(ShadowAbsoluteDistance, "Of an output's numbers, the largest distance within a pair, in the unit of the output.", RevisionLabel, OutputLabel),
            Histogram(ShadowLatencyDifference, "How much longer a copy took than the user's request that it was made of; below 0 it was faster.", RevisionLabel),
            Counter(NotFiniteAnswers, "Answers with NaN or infinity. Role: stable, candidate, asked or copy.", RevisionLabel, RoleLabel),
        ]),
        new("Drift", "While a model is monitored. They speak of the window that was closed last, but for the counters.",
        [
            Gauge(Monitor.DataDrift, "Distance of a feature from its baseline.", Score),
            Gauge(Monitor.DataDriftThreshold, "The score above which the feature has drifted.", Score),
            Gauge(Monitor.ModelDrift, "Distance of an output from its baseline; feature is the output's name.", Score),
            Gauge(Monitor.ModelDriftThreshold, "The score above which the output has drifted.", Score),
            Gauge(Monitor.DriftDetected, "1 when any feature or prediction drifted.", Model),
            Gauge(Monitor.DriftedShare, "Drifted features, of all.", Model),
            Gauge(Monitor.FeatureMean, "Mean of a feature.", Feature),
            Gauge(Monitor.FeatureDeviation, "Standard deviation of a feature.", Feature),
            Gauge(Monitor.FeatureMissing, "Rows without a value, of all.", Feature),
            Gauge(Monitor.FeatureUnexpected, "Rows with a value that the baseline does not have, of those with one.", Feature),
            Gauge(Monitor.PredictionMean, "Mean of an output.", Feature),
            Gauge(Monitor.PredictionDeviation, "Standard deviation of an output.", Feature),
            Counter(Monitor.Predictions, "Answers by category; other for all that the baseline does not name.", [.. Feature, Monitor.ValueLabel]),
            Counter(Monitor.Rows, "Rows that were recorded.", Model),
            Counter(Monitor.Windows, "Windows that were closed, drifted or quiet.", [.. Model, ResultLabel]),
            Counter(Monitor.Failures, "Calls that could not be recorded.", Model),
        ]),
        new("Quality", "While labels are taken (predictor.monitoring.feedback, --feedback-window).",
        [
            Gauge(Monitor.Accuracy, "Share of right classes among the latest rows with a label.", Model),
            Gauge(Monitor.F1, "Mean over the classes of F1, of the same rows.", Model),
            Gauge(Monitor.Brier, "Brier score of the same rows.", Model),
            Gauge(Monitor.MeanAbsoluteError, "Mean absolute error of the same rows.", Model),
            Gauge(Monitor.FeedbackRows, "Rows with a label that these rest on.", Model),
            Counter(Monitor.Feedback, "Labels that were sent: joined, given (with their prediction), unknown, late or duplicate.", [.. Model, ResultLabel]),
        ]),
        new("Expectations", "While something is expected of features (expectations of the ModelVersion, --expectations).",
        [
            Counter(Monitor.Violations, "Values that are not what is expected of their feature. Rule: range, allowed or required. Result: count (the request is answered) or reject (it is answered 400).", [.. Feature, Monitor.RuleLabel, ResultLabel]),
        ]),
        new("Payload log", "While payloads are logged (predictor.logger).",
        [
            Counter(Payload.Events, "Halves of exchanges that were to be logged: eligible, and of these sent, dropped and failed; the rest is queued.", ResultLabel),
            Gauge(Payload.Queued, "Events that wait or are being sent."),
            Gauge(Payload.QueuedBytes, "What these hold."),
        ]),
        new("Process", "Always.", [Gauge(BuildInfo, "Always 1.", VersionLabel, RevisionLabel, OnnxRuntimeLabel), .. ProcessSeries.Metrics]),
    ];

    /// <summary>The metric with this name.</summary>
    /// <exception cref="InvalidOperationException">Nobody described it.</exception>
    public static MetricDescriptor Of(string name) =>
        Groups.SelectMany(static g => g.Metrics).FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"The metric {name} is not described in {nameof(RuntimeCatalog)}.");
}
