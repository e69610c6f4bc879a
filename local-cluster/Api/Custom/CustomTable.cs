using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Tables;

namespace Sluice.LocalCluster.Api.Custom;

/// <summary>The printer columns of a definition as a table.</summary>
internal static class CustomTable
{
    public static TableLayout Of(JsonObject version)
    {
        var columns = version.Objects("additionalPrinterColumns").Select(Column).ToList();
        return columns.Count == 0 ? TableLayout.Of((new Column("Age", "date", "The time since the server created the object."), row => row.Age))
            : TableLayout.Of(columns);
    }

    static (Column, Func<Row, JsonNode?>) Column(JsonObject declared)
    {
        var text = declared.Text("jsonPath") ?? "";
        var description = declared.Text("description") is { Length: > 0 } given
            ? given
            : $"Custom resource definition column (in JSONPath format): {text}";
        var column = new Column(declared.Text("name") ?? "", declared.Text("type") ?? "string", description)
        {
            Format = declared.Text("format") ?? "",
            Priority = (int)(declared.Integer("priority") ?? 0),
        };
        var path = JsonPath.Parse(text);
        return (column, row => Cell(column.Type, path.Find(row.Object).FirstOrDefault(), row.Now));
    }

    static JsonNode? Cell(string type, JsonNode? value, DateTimeOffset now) => type switch
    {
        _ when value is null => null,
        "string" => value.AsText() ?? JsonText.Show(value),
        "date" => value.AsText() is { } time ? Ages.Since(time, now) is var age && age == Ages.Unknown ? "<invalid>" : age : null,
        "integer" => value.AsInteger() ?? (value.GetValueKind() == JsonValueKind.Number ? (long)value.GetValue<double>() : null),
        "number" => value.GetValueKind() == JsonValueKind.Number ? value.DeepClone() : null,
        "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.DeepClone() : null,
        _ => null,
    };
}
