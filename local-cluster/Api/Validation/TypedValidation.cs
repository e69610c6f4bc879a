using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Validation;

/// <summary>Required fields and enumerations, as the declarations of the types say.</summary>
internal static class TypedValidation
{
    public static IEnumerable<FieldError> Check(ObjectType type, JsonObject obj) => Members(type, obj, "");

    static IEnumerable<FieldError> Members(ObjectType type, JsonObject obj, string path)
    {
        foreach (var field in type.Fields)
        {
            var at = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            // Metadata has its own rules, status is written by programs that are trusted to know theirs.
            if (path.Length == 0 && field.Name is "metadata" or "status")
                continue;
            foreach (var error in Value(field, obj[field.Name], at))
                yield return error;
        }
    }

    static IEnumerable<FieldError> Value(Field field, JsonNode? value, string path)
    {
        if (field.Required && IsMissing(field, value))
            return [Errors.Required(path)];
        if (field.Enum.Count > 0 && value.AsText() is { Length: > 0 } text && !field.Enum.Contains(text))
            return [Errors.NotSupported(path, value, field.Enum)];
        return Inside(field.Type, value, path);
    }

    static bool IsMissing(Field field, JsonNode? value) => field.Type.Shape switch
    {
        Shape.String => value.AsText() is null or "",
        Shape.List => value is not JsonArray { Count: > 0 },
        Shape.Object => field.Pointer && value is null,
        Shape.Int32 => field.Name == "containerPort" && value.AsInteger() is null or 0,
        _ => false,
    };

    static IEnumerable<FieldError> Inside(Types.ValueType type, JsonNode? value, string path) => type.Shape switch
    {
        Shape.Object when value is JsonObject members => Members(type.Object!, members, path),
        Shape.List when value is JsonArray items && type.Element!.Shape == Shape.Object =>
            items.SelectMany((item, index) => Inside(type.Element, item, $"{path}[{index}]")),
        Shape.Map when value is JsonObject entries && type.Element!.Shape == Shape.Object =>
            entries.SelectMany(entry => Inside(type.Element, entry.Value, $"{path}[{entry.Key}]")),
        _ => [],
    };
}
