using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Tables;

/// <summary>A <c>metav1.LabelSelector</c> as the text that <c>kubectl -l</c> takes.</summary>
internal static class LabelSelectors
{
    public static string Show(JsonObject selector)
    {
        var parts = selector.Strings("matchLabels").Select(label => (label.Key, Text: $"{label.Key}={label.Value}"))
            .Concat(selector.Objects("matchExpressions").Select(one => (one.Text("key") ?? "", Show(one.Text("key"), one))))
            .OrderBy(part => part.Item1, StringComparer.Ordinal)
            .Select(part => part.Item2)
            .ToList();
        return parts.Count == 0 ? "<none>" : string.Join(',', parts);
    }

    static string Show(string? key, JsonObject expression) => expression.Text("operator") switch
    {
        "In" => $"{key} in ({Values(expression)})",
        "NotIn" => $"{key} notin ({Values(expression)})",
        "Exists" => key ?? "",
        _ => $"!{key}",
    };

    static string Values(JsonObject expression) => string.Join(',', expression.Texts("values").Order(StringComparer.Ordinal));
}
