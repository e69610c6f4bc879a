using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema.Definitions;

/// <summary>Findings in the making, worded as Kubernetes words them.</summary>
internal sealed class ErrorList
{
    readonly List<FieldError> errors = [];

    public IReadOnlyList<FieldError> All => errors;

    public void Add(string path, string type, string message) => errors.Add(new FieldError(path, type, message));

    public void AddRange(IEnumerable<FieldError> more) => errors.AddRange(more);

    public void Invalid(string path, JsonNode? value, string detail) =>
        Add(path, FieldErrorType.Invalid, $"Invalid value: {GoText.Value(value)}: {detail}");

    /// <summary>As <see cref="Invalid"/>, for a value that is written out already.</summary>
    public void InvalidShown(string path, string shown, string detail) => Add(path, FieldErrorType.Invalid, $"Invalid value: {shown}: {detail}");

    public void Required(string path, string detail = "") =>
        Add(path, FieldErrorType.Required, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    public void Forbidden(string path, string detail) => Add(path, FieldErrorType.Forbidden, $"Forbidden: {detail}");

    public void NotSupported(string path, string value, IEnumerable<string> allowed) => Add(path, FieldErrorType.NotSupported,
        $"Unsupported value: {GoText.Quote(value)}: supported values: {string.Join(", ", allowed.Select(GoText.Quote))}");

    public void Duplicate(string path, JsonNode? value) => Add(path, FieldErrorType.Duplicate, $"Duplicate value: {GoText.Value(value)}");
}
