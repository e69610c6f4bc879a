namespace Sluice.Contract.Metrics;

/// <summary>
/// Names of the metrics about data and predictions; all carry {model, version, revision}. They speak of the window that
/// was closed last, but for the counters.
/// </summary>
public static class MonitorMetricNames
{
    /// <summary>Gauge {feature, method}: distance of a feature from its baseline.</summary>
    public const string DataDrift = "data_drift_score";

    /// <summary>Gauge {feature, method}: the score above which the feature has drifted.</summary>
    public const string DataDriftThreshold = "data_drift_threshold";

    /// <summary>Gauge: 1 when any feature or prediction drifted.</summary>
    public const string DriftDetected = "data_drift_detected";

    /// <summary>Gauge: drifted features, of all features.</summary>
    public const string DriftedShare = "data_drift_share";

    /// <summary>Gauge {feature, method}: distance of what the model answers from the baseline; feature is the output's name.</summary>
    public const string ModelDrift = "model_drift_score";

    /// <summary>Gauge {feature, method}.</summary>
    public const string ModelDriftThreshold = "model_drift_threshold";

    /// <summary>Gauge {feature}: mean of an input's numbers.</summary>
    public const string FeatureMean = "feature_distribution_mean";

    /// <summary>Gauge {feature}.</summary>
    public const string FeatureDeviation = "feature_distribution_stddev";

    /// <summary>Gauge {feature}: rows without a value, of all.</summary>
    public const string FeatureMissing = "feature_distribution_missing_share";

    /// <summary>Gauge {feature}: rows with a value that the baseline does not have, of those with one.</summary>
    public const string FeatureUnexpected = "feature_distribution_unexpected_share";

    /// <summary>Gauge {feature}: mean of an output's numbers.</summary>
    public const string PredictionMean = "prediction_distribution_mean";

    /// <summary>Gauge {feature}.</summary>
    public const string PredictionDeviation = "prediction_distribution_stddev";

    /// <summary>Counter {feature, value}: answers by category; "other" for all that the baseline does not name.</summary>
    public const string Predictions = "prediction_count";

    /// <summary>Counter: rows that were recorded.</summary>
    public const string Rows = "sluice_monitored_rows_total";

    /// <summary>Counter {result}: windows that were closed, drifted or quiet.</summary>
    public const string Windows = "sluice_monitor_windows_total";

    /// <summary>Counter: calls that could not be recorded.</summary>
    public const string Failures = "sluice_monitor_failures_total";

    /// <summary>Gauge: share of right classes among the latest rows with a label.</summary>
    public const string Accuracy = "model_accuracy";

    /// <summary>Gauge: mean over the classes of F1.</summary>
    public const string F1 = "model_f1_macro";

    public const string Brier = "model_brier_score";

    public const string MeanAbsoluteError = "model_mean_absolute_error";

    /// <summary>Gauge: rows with a label that the four above rest on.</summary>
    public const string FeedbackRows = "model_feedback_rows";

    /// <summary>Counter {result}: labels that were joined, given with their prediction, unknown, late or duplicate.</summary>
    public const string Feedback = "sluice_feedback_total";

    public const string FeatureLabel = "feature";
    public const string MethodLabel = "method";
    public const string ValueLabel = "value";
}
