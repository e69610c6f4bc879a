using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Autoscaling;

/// <summary>Collects the status of an autoscaler during a pass; what is not said stays as it was.</summary>
internal sealed class AutoscalerStatus(HorizontalPodAutoscaler autoscaler, DateTimeOffset now)
{
    private readonly List<Condition> _conditions = [.. autoscaler.Status?.Conditions ?? []];
    private readonly List<MetricStatus> _metrics = [];
    private int? _current = autoscaler.Status?.CurrentReplicas;
    private int? _desired = autoscaler.Status?.DesiredReplicas;
    private DateTimeOffset? _lastScale = autoscaler.Status?.LastScaleTime;

    internal void Set(string type, bool status, string reason, string message)
    {
        var value = status ? ConditionStatus.True : ConditionStatus.False;
        var old = _conditions.Find(c => c.Type == type);
        var next = new Condition
        {
            Type = type,
            Status = value,
            Reason = reason,
            Message = message,
            LastTransitionTime = old?.Status == value ? old.LastTransitionTime : now,
        };
        if (old is null)
            _conditions.Add(next);
        else
            _conditions[_conditions.IndexOf(old)] = next;
    }

    internal void Replicas(int current, int desired) => (_current, _desired) = (current, desired);

    internal void Measured(MetricStatus? metric)
    {
        if (metric is not null)
            _metrics.Add(metric);
    }

    internal void Rescaled(int replicas)
    {
        _lastScale = now;
        Set("AbleToScale", true, "SucceededRescale", $"the HPA controller was able to update the target scale to {replicas}");
    }

    internal HorizontalPodAutoscalerStatus Build() => new()
    {
        ObservedGeneration = autoscaler.Metadata.Generation,
        CurrentReplicas = _current,
        DesiredReplicas = _desired ?? 0,
        LastScaleTime = _lastScale,
        CurrentMetrics = _metrics.Count == 0 ? null : _metrics,
        Conditions = _conditions,
    };
}
