using System.Globalization;
using System.Text.Json;

namespace Sluice.Runtime.Golden;

/// <summary>The first difference between an expected answer and the one that came, in a sentence; null when there is none.</summary>
internal static class GoldenCompare
{
    private const int ShownCharacters = 60;

    /// <summary>Of V2 answers: the expected outputs, found by name.</summary>
    public static string? Outputs(JsonElement expected, JsonElement got, Tolerance tolerance)
    {
        if (!expected.TryGetProperty("outputs"u8, out var wanted) || wanted.ValueKind != JsonValueKind.Array || wanted.GetArrayLength() == 0)
            return "the response has no list of \"outputs\" to compare with.";
        foreach (var want in wanted.EnumerateArray())
        {
            if (want.ValueKind != JsonValueKind.Object || !want.TryGetProperty("name"u8, out var name) || !want.TryGetProperty("data"u8, out var data))
                return "each of the response's \"outputs\" needs \"name\" and \"data\".";
            var outputs = got.GetProperty("outputs"u8).EnumerateArray();
            var have = outputs.FirstOrDefault(o => o.GetProperty("name"u8).ValueEquals(name.GetString()));
            if (have.ValueKind == JsonValueKind.Undefined)
                return $"output {Text(name)} is expected; the model gave {string.Join(", ", outputs.Select(o => Text(o.GetProperty("name"u8))))}.";
            if ((Field(want, have, "datatype") ?? Field(want, have, "shape") ?? Data(data, have, tolerance)) is { } difference)
                return $"output {Text(name)}{difference}";
        }
        return null;
    }

    /// <summary>Of V1 answers.</summary>
    public static string? Predictions(JsonElement expected, JsonElement got, Tolerance tolerance) =>
        expected.TryGetProperty("predictions"u8, out var wanted)
            ? Values("predictions", wanted, got.GetProperty("predictions"u8), tolerance)
            : "the response has no \"predictions\" to compare with.";

    private static string? Field(JsonElement want, JsonElement have, string field) =>
        want.TryGetProperty(field, out var wanted) && !JsonElement.DeepEquals(wanted, have.GetProperty(field))
            ? $" has {field} {Text(have.GetProperty(field))}, expected {Text(wanted)}."
            : null;

    private static string? Data(JsonElement expected, JsonElement output, Tolerance tolerance)
    {
        var (wanted, got) = (Flat(expected).ToList(), output.GetProperty("data"u8));
        if (wanted.Count != got.GetArrayLength())
            return $" has {got.GetArrayLength()} elements, expected {wanted.Count}.";
        var exact = !output.GetProperty("datatype"u8).GetString()!.StartsWith("FP", StringComparison.Ordinal);
        var at = 0;
        foreach (var value in got.EnumerateArray())
        {
            if (!Same(wanted[at], value, tolerance, exact))
                return $" at {Position(at, output.GetProperty("shape"u8))}{Told(wanted[at], value, tolerance, exact)}";
            at++;
        }
        return null;
    }

    private static string? Values(string where, JsonElement expected, JsonElement got, Tolerance tolerance)
    {
        if (expected.ValueKind == JsonValueKind.Array && got.ValueKind == JsonValueKind.Array)
        {
            return expected.GetArrayLength() != got.GetArrayLength()
                ? $"{where} has {got.GetArrayLength()} entries, expected {expected.GetArrayLength()}."
                : expected.EnumerateArray().Select((e, i) => Values($"{where}[{i}]", e, got[i], tolerance)).FirstOrDefault(static d => d is not null);
        }
        if (expected.ValueKind == JsonValueKind.Object && got.ValueKind == JsonValueKind.Object)
        {
            return expected.EnumerateObject()
                .Select(e => got.TryGetProperty(e.Name, out var have)
                    ? Values($"{where}.{e.Name}", e.Value, have, tolerance)
                    : $"{where}.{e.Name} is expected, and the answer does not have it.")
                .FirstOrDefault(static d => d is not null);
        }
        // V1 says no types; what is whole on both sides is a class or a count.
        var exact = IsWhole(expected) && IsWhole(got);
        return Same(expected, got, tolerance, exact) ? null : where + Told(expected, got, tolerance, exact);
    }

    private static bool Same(JsonElement expected, JsonElement got, Tolerance tolerance, bool exact) =>
        JsonElement.DeepEquals(expected, got)
        || (!exact && expected.ValueKind == JsonValueKind.Number && got.ValueKind == JsonValueKind.Number
            && tolerance.Allows(expected.GetDouble(), got.GetDouble()));

    private static bool IsWhole(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && (value.TryGetInt64(out _) || value.TryGetUInt64(out _));

    private static IEnumerable<JsonElement> Flat(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value];

    private static string Told(JsonElement expected, JsonElement got, Tolerance tolerance, bool exact)
    {
        var within = exact || expected.ValueKind != JsonValueKind.Number ? string.Empty : string.Create(
            CultureInfo.InvariantCulture, $" (within {tolerance.Absolute ?? 0} + {tolerance.Relative ?? 0} × |expected|)");
        return $" is {Text(got)}, expected {Text(expected)}{within}.";
    }

    private static string Position(int index, JsonElement shape)
    {
        var sizes = shape.EnumerateArray().Select(static d => d.GetInt64()).ToArray();
        var at = new long[sizes.Length];
        long rest = index;
        for (var i = sizes.Length - 1; i >= 0; i--)
            (rest, at[i]) = Math.DivRem(rest, sizes[i]);
        return $"[{string.Join(", ", at)}]";
    }

    private static string Text(JsonElement value) =>
        value.GetRawText() is { Length: > ShownCharacters } text ? text[..ShownCharacters] + "…" : value.GetRawText();
}
