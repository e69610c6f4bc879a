namespace Sluice.Contract.Metrics;

/// <summary>
/// Names of the metrics about data and predictions; all carry {model, version, revision}. They speak of the window that
/// was closed last, but for the counters.
/// </summary>
public static class MonitorMetricNames
{
    public const string DataDrift = "data_drift_score";
    public const string DataDriftThreshold = "data_drift_threshold";
    public const string DriftDetected = "data_drift_detected";
    public const string DriftedShare = "data_drift_share";
    public const string ModelDrift = "model_drift_score";
    public const string ModelDriftThreshold = "model_drift_threshold";
    public const string FeatureMean = "feature_distribution_mean";
    public const string FeatureDeviation = "feature_distribution_stddev";
    public const string FeatureMissing = "feature_distribution_missing_share";
    public const string FeatureUnexpected = "feature_distribution_unexpected_share";
    public const string PredictionMean = "prediction_distribution_mean";
    public const string PredictionDeviation = "prediction_distribution_stddev";
    public const string Predictions = "prediction_count";
    public const string Rows = "sluice_monitored_rows_total";
    public const string Windows = "sluice_monitor_windows_total";
    public const string Failures = "sluice_monitor_failures_total";
    public const string Accuracy = "model_accuracy";
    public const string F1 = "model_f1_macro";
    public const string Brier = "model_brier_score";
    public const string MeanAbsoluteError = "model_mean_absolute_error";
    public const string FeedbackRows = "model_feedback_rows";
    public const string Feedback = "sluice_feedback_total";

    /// <summary>Counter {feature, rule, result}: values outside their range, not allowed, or missing where one is required; counted, or rejected with their request.</summary>
    public const string Violations = "sluice_expectation_violations_total";

    public const string FeatureLabel = "feature";
    public const string MethodLabel = "method";
    public const string ValueLabel = "value";
    public const string RuleLabel = "rule";
}
