using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Tables;

/// <summary>The metrics of an autoscaler as its table shows them: measured/wanted.</summary>
internal static class MetricTargets
{
    const string Unknown = "<unknown>";

    public static string Show(JsonObject autoscaler)
    {
        var measured = autoscaler.Objects("status", "currentMetrics").ToList();
        var all = autoscaler.Objects("spec", "metrics").Select((metric, index) => Show(metric, measured.ElementAtOrDefault(index))).ToList();
        return all.Count switch
        {
            0 => "<none>",
            > 2 => $"{string.Join(", ", all.Take(2))} + {all.Count - 2} more...",
            _ => string.Join(", ", all),
        };
    }

    static string Show(JsonObject metric, JsonObject? measured)
    {
        switch (metric.Text("type"))
        {
            case "Resource":
                return Utilization(metric.Object("resource"), measured?.Object("resource"));
            case "ContainerResource":
                return Utilization(metric.Object("containerResource"), measured?.Object("containerResource"));
            case "Pods":
                return $"{measured.Text("pods", "current", "averageValue") ?? Unknown}/{metric.Text("pods", "target", "averageValue")}";
            case "Object":
                return Value(metric.Object("object"), measured?.Object("object"));
            case "External":
                return Value(metric.Object("external"), measured?.Object("external"));
            default:
                return "<unknown type>";
        }
    }

    static string Value(JsonObject? metric, JsonObject? measured) => metric.Text("target", "averageValue") is { } average
        ? $"{measured.Text("current", "averageValue") ?? Unknown}/{average} (avg)"
        : $"{measured.Text("current", "value") ?? Unknown}/{metric.Text("target", "value")}";

    static string Utilization(JsonObject? metric, JsonObject? measured)
    {
        if (metric.Text("target", "averageValue") is { } average)
            return $"{metric.Text("name")}: {measured.Text("current", "averageValue") ?? Unknown}/{average}";
        var now = measured.Integer("current", "averageUtilization") is { } used ? $"{used}%" : Unknown;
        var wanted = metric.Integer("target", "averageUtilization") is { } target ? $"{target}%" : "<auto>";
        return $"{metric.Text("name")}: {now}/{wanted}";
    }
}
