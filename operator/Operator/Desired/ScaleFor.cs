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
        // What cannot be measured yet is named by UnhonouredFields; until then the service scales by what can be.
        return IsHonoured(wished) ? new ScaleFor(min, max, wished, target) : new ScaleFor(min, max, ScaleMetric.Cpu, DefaultUtilization);
    }

    public static bool IsHonoured(ScaleMetric metric) => metric is ScaleMetric.Cpu or ScaleMetric.Memory;
}
