using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>How many pods, and who decides: the spec with its defaults and KServe's aliases resolved.</summary>
internal sealed record ScaleFor(int Min, int Max, ScaleMetric Metric, int Target)
{
    const int DefaultUtilization = 80;

    public bool Autoscaled => Max > Min;

    public static ScaleFor Spec(PredictorSpec predictor)
    {
        var min = Math.Max(predictor.MinReplicas ?? 1, 1);
        var max = Math.Max(predictor.MaxReplicas ?? min, min);
        var wished = predictor.Autoscaler?.Metric ?? predictor.ScaleMetric ?? ScaleMetric.Cpu;
        var target = predictor.Autoscaler?.Target ?? predictor.ScaleTarget ?? DefaultUtilization;
        return new ScaleFor(min, max, wished, target);
    }

    /// <summary>What the cluster's API for custom metrics must serve of the pods; null for what every cluster measures.</summary>
    public string? PodMetric => Metric switch
    {
        ScaleMetric.Rps => "sluice_requests_per_second",
        ScaleMetric.Concurrency => "sluice_requests_in_flight",
        _ => null,
    };
}
