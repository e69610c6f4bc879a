using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema.Definitions;

/// <summary>One version's schema: its structure, its form, its defaults, and its rules once the rest is right.</summary>
internal static class DefinedSchema
{
    static readonly string[] AllowedAtRoot =
    [
        "description", "type", "format", "title", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength",
        "pattern", "maxItems", "minItems", "uniqueItems", "multipleOf", "required", "items", "properties", "externalDocs", "example",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations",
    ];

    public static IReadOnlyList<FieldError> Validate(JsonObject schema, string path, bool hasStatus)
    {
        var errors = new ErrorList();
        if (hasStatus)
            Root(schema, path, errors);
        if (schema["nullable"]?.GetValueKind() == JsonValueKind.True)
            errors.Forbidden($"{path}.nullable", "nullable cannot be true at the root");
        var structure = new ErrorList();
        SchemaStructure.Validate(schema, path, structure);
        errors.AddRange(structure.All.OrderBy(error => error.ToString(), StringComparer.Ordinal));
        SchemaForm.Validate(schema, path, errors);
        if (errors.All.Count > 0)
            return errors.All;
        using var document = JsonDocument.Parse(schema.ToJsonString());
        var node = SchemaReader.Read(document.RootElement);
        SchemaDefaults.Validate(node, path, errors);
        if (errors.All.Count == 0)
            DefinedRules.Validate(schema, node, path, errors);
        return errors.All;
    }

    /// <summary>With a status subresource the schema is cut in two, which not everything survives.</summary>
    static void Root(JsonObject schema, string path, ErrorList errors)
    {
        foreach (var (name, _) in schema)
        {
            if (name == "type" && schema["type"]?.ToString() != "object")
                errors.Invalid($"{path}.type", schema["type"], "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled");
            else if (!AllowedAtRoot.Contains(name))
                errors.Add(path, FieldErrorType.Invalid, $"Invalid value: {GoText.Json(schema)}: only [{string.Join(' ', AllowedAtRoot.Select(GoName))}] "
                    + "fields are allowed at the root of the schema if the status subresource is enabled");
            else
                continue;
            return;
        }
    }

    /// <summary>The field of the Go type: <c>x-kubernetes-validations</c> is XValidations.</summary>
    static string GoName(string name) => name switch
    {
        "x-kubernetes-preserve-unknown-fields" => "XPreserveUnknownFields",
        "x-kubernetes-validations" => "XValidations",
        _ => char.ToUpperInvariant(name[0]) + name[1..],
    };
}
