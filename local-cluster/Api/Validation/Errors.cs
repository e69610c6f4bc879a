using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Validation;

/// <summary>Findings about fields, worded as Kubernetes words them.</summary>
internal static class Errors
{
    public static FieldError Required(string field, string detail = "") =>
        new(field, FieldErrorType.Required, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    public static FieldError Invalid(string field, JsonNode? value, string detail) =>
        new(field, FieldErrorType.Invalid, $"Invalid value: {Shown(value)}: {detail}");

    public static FieldError Forbidden(string field, string detail) => new(field, FieldErrorType.Forbidden, $"Forbidden: {detail}");

    public static FieldError Duplicate(string field, JsonNode? value) =>
        new(field, FieldErrorType.Duplicate, $"Duplicate value: {Shown(value)}");

    public static FieldError NotFound(string field, JsonNode? value) =>
        new(field, FieldErrorType.NotFound, $"Not found: {Shown(value)}");

    public static FieldError NotSupported(string field, JsonNode? value, IEnumerable<string> supported) =>
        new(field, FieldErrorType.NotSupported, $"Unsupported value: {Shown(value)}: supported values: " +
            string.Join(", ", supported.Order(StringComparer.Ordinal).Select(one => $"\"{one}\"")));

    public static FieldError TooLong(string field, int bytes) =>
        new(field, FieldErrorType.TooLong, $"Too long: may not be more than {bytes} bytes");

    /// <summary>A value as Go's field errors print it: strings quoted, objects as JSON.</summary>
    static string Shown(JsonNode? value) => JsonText.Show(value);
}
