using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Tables;

/// <summary>One column of the tables that <c>kubectl get</c> shows.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Type"><c>string</c>, <c>integer</c>, <c>date</c> …</param>
/// <param name="Description">Shown by API clients.</param>
internal sealed record Column(string Name, string Type, string Description)
{
    public string Format { get; init; } = "";

    /// <summary>0 is always shown; more only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }
}

/// <summary>One object as a row is made of it, at a time of day.</summary>
internal readonly record struct Row(JsonObject Object, DateTimeOffset Now)
{
    public string Text(params ReadOnlySpan<string> path) => Object.Text(path) ?? "";

    public string TextOr(string otherwise, params ReadOnlySpan<string> path) =>
        Object.Text(path) is { Length: > 0 } text ? text : otherwise;

    public long Count(params ReadOnlySpan<string> path) => Object.Integer(path) ?? 0;

    public string Age => Since("metadata", "creationTimestamp");

    public string Since(params ReadOnlySpan<string> path) => Ages.Since(Object.Text(path), Now);

    public bool IsDeleted => Object.At("metadata", "deletionTimestamp") is not null;
}

/// <summary>How the objects of a kind become rows.</summary>
/// <param name="Columns">The headings.</param>
/// <param name="Cells">One cell for each column.</param>
internal sealed record TableLayout(IReadOnlyList<Column> Columns, Func<Row, IReadOnlyList<JsonNode?>> Cells)
{
    static readonly Column NameColumn = new("Name", "string", "The name of the object, unique in its namespace.") { Format = "name" };

    /// <summary>A layout that starts with the name.</summary>
    public static TableLayout Of(params IReadOnlyList<(Column Column, Func<Row, JsonNode?> Cell)> columns) =>
        Plain([(NameColumn, row => row.Text("metadata", "name")), .. columns]);

    public static TableLayout Plain(IReadOnlyList<(Column Column, Func<Row, JsonNode?> Cell)> columns) =>
        new([.. columns.Select(column => column.Column)], row => [.. columns.Select(column => column.Cell(row))]);

    public static (Column, Func<Row, JsonNode?>) Text(string name, string description, Func<Row, JsonNode?> cell) =>
        (new Column(name, "string", description), cell);

    public static (Column, Func<Row, JsonNode?>) Wide(string name, string description, Func<Row, JsonNode?> cell) =>
        (new Column(name, "string", description) { Priority = 1 }, cell);

    public static (Column, Func<Row, JsonNode?>) Number(string name, string description, Func<Row, JsonNode?> cell) =>
        (new Column(name, "integer", description), cell);

    public static (Column, Func<Row, JsonNode?>) Age { get; } =
        Text("Age", "The time since the server created the object.", row => row.Age);

    public static (Column, Func<Row, JsonNode?>) CreatedAt { get; } =
        (new Column("Created At", "date", "When the server created the object."), row => row.Text("metadata", "creationTimestamp"));
}
