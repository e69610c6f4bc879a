using System.Collections.Immutable;
using Sluice.Operator.Desired;
using Sluice.Operator.Monitoring;
using Sluice.Operator.Status;
using Sluice.Operator.Traffic;
using Sluice.Rollouts;

namespace Sluice.Operator.Reconcile;

/// <summary>The pure part of a pass: from what is known of a service to what is to be written.</summary>
/// <param name="Planning">What the spec asks for.</param>
/// <param name="Remembered">What status said.</param>
/// <param name="Seen">What was seen of the world.</param>
/// <param name="Decision">What was decided on both.</param>
/// <param name="Wanted">The objects that the decision means.</param>
internal sealed record Intent(Planning Planning, RolloutState Remembered, Observation Seen, Decision Decision, IReadOnlyList<WantedObject> Wanted)
{
    /// <param name="view">What the stores know.</param>
    /// <param name="reading">What the pods say.</param>
    /// <param name="route">What a Gateway says.</param>
    /// <param name="pods">What the operator's options say of pods.</param>
    /// <param name="now">The time of the pass.</param>
    public static Intent Of(ServiceView view, SplitReading reading, RouteReading route, PodOptions pods, DateTimeOffset now)
    {
        var planning = Planning.Of(view, pods);
        var seen = Observer.Observe(view, planning.Records) with { Split = reading.Applied, Comparisons = reading.Comparisons, Verdicts = Verdicts(view, reading), Hold = MonitoringView.Hold(view, reading.Watched, now) };
        if (view.IsBehindGateway)
            seen = seen with { Split = route.With(reading), Front = route.Behind(seen.Front, view.Service.Status) };
        var remembered = RolloutStatusMap.ToState(view.Service.Status);
        var decision = Rollout.Next(planning.Plan, remembered, seen, now);
        return new Intent(planning, remembered, seen, decision, World.Render(view, decision, planning.Records, route.MayWrite, pods.OperatorNamespace));
    }

    static ImmutableArray<GateVerdict> Verdicts(ServiceView view, SplitReading reading) =>
        [.. reading.Findings.Select(f => f.For(view.Service.Status?.Rollout?.Attempt ?? 0, view.Service.Status?.Rollout?.Step))];

    /// <param name="view">What the intent was made of.</param>
    /// <param name="reading">What the pods say.</param>
    /// <param name="route">What a Gateway says.</param>
    /// <param name="obstacles">What could not be written, or is in the way of its effect.</param>
    public StatusInput Status(ServiceView view, SplitReading reading, RouteReading route, IReadOnlyList<Failure> obstacles) =>
        new(view.Service, Planning.Plan, Planning.Problem, Decision, Seen, obstacles)
        {
            Findings = reading.Findings,
            Route = route.MayWrite || route.Live is not null ? view.Name : null,
            Behind = [.. reading.Behind.Select(static p => p.Metadata.Name!).Order(StringComparer.Ordinal)],
            ScaleUnread = ScaleFor.Spec(view.Service.Spec.Predictor).PodMetric is null ? null : AutoscalerFor.Unread(view.Autoscalers.Where(view.Owns)),
            RouteAwaited = route.Problem?.Message ?? route.Waiting,
        };
}
