using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>What a JSON value is to the API server: a number written without fraction and exponent is an integer.</summary>
internal static class JsonShape
{
    /// <summary><c>null</c>, <c>object</c>, <c>array</c>, <c>string</c>, <c>boolean</c>, <c>integer</c> or <c>number</c>.</summary>
    public static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => TryInteger(value, out _) ? "integer" : "number",
            _ => "null",
        },
    };

    public static bool TryInteger(JsonNode value, out long integer)
    {
        integer = 0;
        return value is JsonValue && value.GetValueKind() == JsonValueKind.Number
            && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer);
    }

    /// <summary>Only after <see cref="TypeOf"/> said <c>integer</c>.</summary>
    public static long Integer(JsonNode value) => TryInteger(value, out var integer)
        ? integer
        : throw new InvalidOperationException($"{value.ToJsonString()} is not an integer");

    /// <summary>Of an integer or a number.</summary>
    public static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
}
