using System.Text.Json;
using Sluice.Operator.Api;
using Sluice.Operator.Monitoring;

namespace Sluice.Operator.Status;

/// <summary>
/// The fields of a spec that have no effect yet. Nothing is silently ignored: what is listed here is named in the
/// condition SpecHonoured. A field is taken off the list by the change that gives it its effect.
/// </summary>
internal static class UnhonouredFields
{
    public static IReadOnlyList<string> Of(InferenceServiceSpec spec) =>
        [.. Predictor(spec.Predictor).Concat(Unwatched(spec)).Concat(Overruled(spec)).Order(StringComparer.Ordinal)];

    static IEnumerable<string> Predictor(PredictorSpec predictor) => ReactionKind.All
        .SelectMany(kind => predictor.Monitoring is { } spec ? Template(kind, kind.Wished(spec)?.JobTemplate) : [])
        .Concat(Reserved("predictor.labels", predictor.Labels))
        .Concat(Reserved("predictor.annotations", predictor.Annotations))
        .Concat((predictor.Model.Env ?? []).Where(static e => IsReservedVariable(e.Name)).Select(static e => $"predictor.model.env[{e.Name}]"));

    /// <summary>Gates over what the pods of this spec do not watch.</summary>
    static IEnumerable<string> Unwatched(InferenceServiceSpec spec)
    {
        var watched = spec.Predictor.Monitoring;
        foreach (var gate in spec.Rollout?.Gates ?? [])
        {
            if (gate.Accuracy is not null && watched?.Feedback is null)
                yield return $"rollout.gates[{gate.Name}].accuracy (set predictor.monitoring.feedback; until then the gate stays undecided)";
            if (gate.Drift is not null && watched?.Drift is null)
                yield return $"rollout.gates[{gate.Name}].drift (set predictor.monitoring.drift; until then the gate stays undecided)";
        }
    }

    /// <summary>A canary set by hand takes the place of a strategy.</summary>
    static IEnumerable<string> Overruled(InferenceServiceSpec spec)
    {
        if (spec.Predictor.CanaryTrafficPercent is not null && spec.Rollout?.Strategy is { } strategy and not RolloutStrategy.Immediate)
            yield return $"rollout.strategy ({strategy}; predictor.canaryTrafficPercent is used)";
    }

    public static bool IsReservedVariable(string name) => name.StartsWith("SLUICE_", StringComparison.Ordinal);

    static IEnumerable<string> Template(ReactionKind kind, JsonElement? template)
    {
        if (template is { } given && ReactionJobFor.Problem(given) is { } problem)
            yield return $"{kind.Field}.jobTemplate ({problem})";
    }

    static IEnumerable<string> Reserved(string path, IReadOnlyDictionary<string, string>? wished) =>
        (wished ?? new Dictionary<string, string>()).Keys.Where(Labels.IsReserved).Select(k => $"{path}[{k}]");
}
