using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api.Schema;

namespace Sluice.Crds;

/// <summary>A kind as a page for people: every object of its schema with a table of its fields, in the order of the schema.</summary>
internal sealed class Reference
{
    readonly StringBuilder _text = new();

    public static string Of<T>()
        where T : KubeObject<T>, IKubeObject<T>
    {
        var page = new Reference();
        var schema = TypeSchema.OfObject(T.JsonType);
        page.Head<T>(schema);
        page.Sections("spec", schema["properties"]!["spec"]!.AsObject());
        page.Sections("status", schema["properties"]!["status"]!.AsObject());
        return page._text.ToString();
    }

    void Head<T>(JsonObject schema)
        where T : KubeObject<T>, IKubeObject<T>
    {
        var names = typeof(T).GetCustomAttribute<CustomResourceAttribute>()!;
        var columns = typeof(T).GetCustomAttributes<PrinterColumnAttribute>().ToList();
        Line($"<!-- Generated from the C# types in operator/Operator/Api by `make crds`; edit those. -->");
        Line($"# {T.Kind.Kind}");
        Line((string)schema["description"]!);
        Line($"`apiVersion: {T.Kind.Group}/{T.Kind.Version}`, `kind: {T.Kind.Kind}`; "
            + $"`kubectl get {T.Kind.Plural}.{T.Kind.Group}`, in short {string.Join(" or ", names.ShortNames.Select(static n => $"`{n}`"))}.");
        Line($"Columns: {string.Join(", ", columns.Where(static c => c.Priority == 0).Select(static c => c.Name))}; "
            + $"with `-o wide` also {string.Join(", ", columns.Where(static c => c.Priority > 0).Select(static c => c.Name))}.");
        Line("A field without a default need not be set, unless it says *required*. What the API server refuses, it refuses with these words.");
        Rules(schema);
    }

    /// <summary>An object's section, then those of the objects in it.</summary>
    void Sections(string path, JsonObject schema)
    {
        Line($"## {path}");
        if (schema["description"] is { } description)
            Line(ReferenceText.Plain((string)description!));
        var required = schema["required"]?.AsArray().Select(static n => (string)n!).ToHashSet() ?? [];
        _text.Append("| field | type | default | meaning |\n|---|---|---|---|\n");
        foreach (var (name, field) in schema["properties"]!.AsObject())
            Row(path, name, field!.AsObject(), required.Contains(name));
        _text.Append('\n');
        Rules(schema);
        foreach (var (name, field) in schema["properties"]!.AsObject())
        {
            if (ReferenceText.Members(field!.AsObject()) is { } members)
                Sections($"{path}.{name}{ReferenceText.Suffix(field!.AsObject())}", members);
        }
    }

    void Row(string path, string name, JsonObject field, bool required)
    {
        var (meaning, initial) = ReferenceText.Split((string?)field["description"] ?? "");
        initial ??= field["default"] is { } value ? ReferenceText.Code(value) : "";
        // An object's own rules stand in its section.
        var rules = ReferenceText.Members(field) is null || ReferenceText.Suffix(field).Length > 0 ? ReferenceText.Messages(field) : [];
        var unsaid = rules.Where(r => !meaning.Contains(r, StringComparison.OrdinalIgnoreCase)).Select(static r => $"{char.ToUpperInvariant(r[0])}{r[1..]}.");
        var cells = new[]
        {
            $"`{name}`",
            ReferenceText.Type(path, name, field),
            required ? "*required*" : initial,
            string.Join(" ", unsaid.Prepend(meaning).Where(static s => s.Length > 0)),
        };
        _text.Append("| ").AppendJoin(" | ", cells.Select(static c => c.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }

    void Rules(JsonObject schema)
    {
        var messages = ReferenceText.Messages(schema);
        foreach (var message in messages)
            _text.Append("- ").Append(message).Append('\n');
        if (messages.Count > 0)
            _text.Append('\n');
    }

    void Line(string text) => _text.Append(text).Append("\n\n");
}
