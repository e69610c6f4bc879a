using System.Text.Json.Serialization;
using Sluice.Plugin.Rendering;

namespace Sluice.Plugin.Status;

/// <summary>A status in one line, for logs.</summary>
internal static class StatusLine
{
    public static string Of(StatusView view)
    {
        var candidate = view.Revisions.FirstOrDefault(static r => r.Role == "candidate");
        var step = view.Rollout?.Step is { } number ? $" step {number}" : "";
        var what = candidate is null
            ? $"{view.Revisions.FirstOrDefault(static r => r.Role == "stable")?.Version ?? "nothing"} serves"
            : $"{candidate.Version} {view.Rollout?.Stage}{step} {Spans.Percent(candidate.WeightObserved)} of {Spans.Percent(candidate.WeightWanted)}";
        return $"{view.State}: {what}: {view.NextAction ?? view.Why}";
    }
}

/// <summary>One JSON document per line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusView))]
internal sealed partial class WatchJson : JsonSerializerContext;
