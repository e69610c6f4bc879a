using System.Text.Json;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>
/// Reads answers in JSON: V2's, also with raw bytes behind it, and every other one by its keys: V1's rows are gathered
/// into outputs, each value's place in its row being its place in the output.
/// </summary>
internal static class JsonAnswers
{
    public static IReadOnlyList<Answered> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span, isFinalBlock: false, default);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("outputs", out var outputs) && outputs.ValueKind == JsonValueKind.Array)
                return V2(outputs, body.Span[(int)reader.BytesConsumed..]);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("predictions", out var predictions))
                root = predictions;
            return Rows(root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UnreadableAnswerException(e.Message);
        }
    }

    private static List<Answered> V2(JsonElement outputs, ReadOnlySpan<byte> rest)
    {
        var answers = new List<Answered>();
        foreach (var output in outputs.EnumerateArray())
        {
            var (name, type) = (output.GetProperty("name").GetString()!, output.GetProperty("datatype").GetString()!);
            long[] shape = [.. output.GetProperty("shape").EnumerateArray().Select(static d => d.GetInt64())];
            if (output.TryGetProperty("data", out var data))
            {
                var values = new JsonValues();
                values.Add(data);
                answers.Add(values.ToAnswered(name, type, shape));
                continue;
            }

            var length = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            if (length < 0 || length > rest.Length)
                throw new UnreadableAnswerException($"The bytes of output \"{name}\" are cut off.");
            answers.Add(RawElements.Read(name, type, shape, rest[..length]));
            rest = rest[length..];
        }

        return answers;
    }

    private static List<Answered> Rows(JsonElement root)
    {
        var outputs = new Dictionary<string, JsonValues>();
        long rows = 1;
        if (root.ValueKind != JsonValueKind.Array)
            Row(root, outputs);
        else
        {
            rows = root.GetArrayLength();
            foreach (var row in root.EnumerateArray())
                Row(row, outputs);
        }

        return [.. outputs.Select(o => o.Value.ToAnswered(o.Key, "", Shape(rows, o.Value.Count)))];
    }

    private static void Row(JsonElement row, Dictionary<string, JsonValues> outputs)
    {
        if (row.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in row.EnumerateObject())
                Of(outputs, property.Name).Add(property.Value);
        }
        else
            Of(outputs, "predictions").Add(row);
    }

    private static JsonValues Of(Dictionary<string, JsonValues> outputs, string name)
    {
        if (!outputs.TryGetValue(name, out var values))
            outputs[name] = values = new JsonValues();
        return values;
    }

    private static long[] Shape(long rows, int count) => rows > 0 && count > rows && count % rows == 0 ? [rows, count / rows] : [count];
}

/// <summary>Leaves of JSON, in order; keys of objects count as texts, so that other keys are another answer.</summary>
internal sealed class JsonValues
{
    private readonly List<double> numbers = [];
    private readonly List<string> texts = [];
    private bool areWhole = true;

    public int Count => Math.Max(numbers.Count, texts.Count);

    public void Add(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    Add(item);
                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    texts.Add(property.Name);
                    Add(property.Value);
                }

                break;
            case JsonValueKind.Number:
                numbers.Add(value.GetDouble());
                areWhole &= value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;
                break;
            case JsonValueKind.String when NotFinite(value.GetString()!) is { } number:
                numbers.Add(number);
                areWhole = false;
                break;
            default:
                texts.Add(value.ToString());
                break;
        }
    }

    /// <summary>A map is compared by its numbers: what they belong to is the same in both answers, or they are of other lengths.</summary>
    public Answered ToAnswered(string name, string type, long[] shape) => new(
        name, type, numbers.Count > 0 && texts.Count > 0 ? [numbers.Count] : shape,
        numbers.Count > 0 ? [.. numbers] : null, texts.Count > 0 ? [.. texts] : null,
        type.Length == 0 ? areWhole : type == "BOOL" || type.Contains("INT", StringComparison.Ordinal));

    /// <summary>As the runtime writes them.</summary>
    private static double? NotFinite(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => null,
    };
}
