using System.Text;
using System.Text.Json;
using Sluice.Monitoring.Feedback;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Monitoring;

/// <summary>The truth about one row.</summary>
/// <param name="Key">Of the prediction.</param>
/// <param name="Label">The class that it was; null when a number is told.</param>
/// <param name="Value">The number that it was; NaN when a class is told.</param>
/// <param name="Predicted">What the caller says was answered, for when this pod does not remember it.</param>
internal readonly record struct FeedbackEntry(ulong Key, long? Label, double Value, JsonElement? Predicted)
{
    /// <summary>Reads a body: one entry, or {"feedback": […]} with many.</summary>
    /// <exception cref="RequestException">It says nothing, or something else.</exception>
    public static List<FeedbackEntry> Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw RequestException.Bad("The body must be a JSON object with \"id\" and \"label\" or \"value\", or with \"feedback\": a list of such.");
        var entries = new List<FeedbackEntry>();
        if (!body.TryGetProperty("feedback", out var list))
            Add(entries, body, "the body");
        else if (list.ValueKind != JsonValueKind.Array)
            throw RequestException.Bad("\"feedback\" must be a list of objects with \"id\" and \"label\" or \"value\".");
        else
            foreach (var (entry, i) in list.EnumerateArray().Select(static (e, i) => (e, i)))
                Add(entries, entry, $"\"feedback\"[{i}]");
        return entries;
    }

    /// <summary>A class, from a whole number, a text or a truth value.</summary>
    public static long? LabelFrom(JsonElement told) => told.ValueKind switch
    {
        JsonValueKind.Number when told.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number when told.GetDouble() is var real && Math.Floor(real) == real && Math.Abs(real) < long.MaxValue => (long)real,
        JsonValueKind.String => PredictionPlan.LabelOf(Encoding.UTF8.GetBytes(told.GetString()!)),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    };

    private static void Add(List<FeedbackEntry> entries, JsonElement entry, string where)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
            throw RequestException.Bad($"\"id\" is missing in {where}: the x-request-id of the answer, or the id that the V2 request gave.");
        var request = Identity.Of(Encoding.UTF8.GetBytes(id.GetString()!));
        JsonElement? predicted = entry.TryGetProperty("predicted", out var p) ? p : null;
        var first = 0;
        if (entry.TryGetProperty("row", out var row) && (row.ValueKind != JsonValueKind.Number || !row.TryGetInt32(out first) || first < 0))
            throw RequestException.Bad($"\"row\" in {where} is {Excerpt.Of(row.GetRawText())}, not a row's number from 0.");
        var rows = entry.TryGetProperty("labels", out var labels) ? Rows(labels, "labels", where)
            : entry.TryGetProperty("values", out labels) ? Rows(labels, "values", where)
            : entry.TryGetProperty("label", out labels) || entry.TryGetProperty("value", out labels) ? [labels]
            : throw RequestException.Bad($"\"label\" or \"value\" is missing in {where}, and so are \"labels\" and \"values\", for several rows.");
        var areLabels = entry.TryGetProperty("labels", out _) || entry.TryGetProperty("label", out _);
        foreach (var truth in rows)
        {
            long? label = areLabels ? LabelFrom(truth) ?? throw Not("a class: a whole number, a text or a truth value", truth, where) : null;
            var value = areLabels ? double.NaN
                : truth.ValueKind == JsonValueKind.Number ? truth.GetDouble() : throw Not("a number", truth, where);
            entries.Add(new FeedbackEntry(Identity.Of(request, first++), label, value, predicted));
        }
    }

    private static List<JsonElement> Rows(JsonElement list, string name, string where) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray()]
        : throw RequestException.Bad($"\"{name}\" in {where} must be a list with one entry per row.");

    private static RequestException Not(string wanted, JsonElement found, string where) =>
        RequestException.Bad($"{Excerpt.Of(found.GetRawText())} in {where} is not {wanted}.");
}
