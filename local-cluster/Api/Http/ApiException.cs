using System.Text.Json.Nodes;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Http;

/// <summary>A refusal, as the <c>metav1.Status</c> that the client gets. Messages are those of a Kubernetes API server.</summary>
internal sealed class ApiException(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;

    public JsonObject? Details { get; } = details;

    /// <summary>Answered as plain text, as paths are that no API serves.</summary>
    public bool Plain { get; private init; }

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
        };
        if (Details is not null)
            status["details"] = Details.DeepClone();
        status["code"] = Code;
        return status;
    }

    public static ApiException UnknownPath() => new(404, "NotFound", "404 page not found") { Plain = true };

    /// <param name="group">The API group, empty for core.</param>
    /// <param name="resource">The plural name.</param>
    /// <param name="name">The object's name.</param>
    public static ApiException NotFound(string group, string resource, string name) =>
        new(404, "NotFound", $"{Qualified(resource, group)} \"{name}\" not found", DetailsOf(group, resource, name));

    public static ApiException AlreadyExists(string group, string resource, string name) =>
        new(409, "AlreadyExists", $"{Qualified(resource, group)} \"{name}\" already exists", DetailsOf(group, resource, name));

    public static ApiException Conflict(string group, string resource, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {Qualified(resource, group)} \"{name}\": {why}", DetailsOf(group, resource, name));

    public static ApiException Modified(string group, string resource, string name) =>
        Conflict(group, resource, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException Forbidden(string group, string resource, string name, string why) =>
        new(403, "Forbidden", name.Length == 0
            ? $"{Qualified(resource, group)} is forbidden: {why}"
            : $"{Qualified(resource, group)} \"{name}\" is forbidden: {why}", DetailsOf(group, resource, name));

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException Expired(string message) => new(410, "Expired", message);

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    /// <param name="what">The feature, named so that the user knows what to do without.</param>
    public static ApiException NotImplemented(string what) =>
        new(501, "NotImplemented", $"{what} is not implemented by the local cluster");

    public static ApiException UnsupportedMediaType(string given, params string[] accepted) =>
        new(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: " +
            $"{string.Join(", ", accepted)} (it was: {given})");

    public static ApiException NotAcceptable(params string[] offered) =>
        new(406, "NotAcceptable", $"only the following media types are accepted: {string.Join(", ", offered)}");

    public static ApiException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var lines = errors.Select(error => error.ToString()).Distinct(StringComparer.Ordinal).ToList();
        var details = DetailsOf(group, kind, name);
        details["causes"] = new JsonArray([.. errors.Select(error => new JsonObject
        {
            ["reason"] = error.Type,
            ["message"] = error.Message,
            ["field"] = error.Field,
        })]);
        var text = lines.Count == 1 ? lines[0] : $"[{string.Join(", ", lines)}]";
        return new(422, "Invalid", $"{Qualified(kind, group)} \"{name}\" is invalid: {text}", details);
    }

    public static JsonObject DetailsOf(string group, string resource, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
            details["name"] = name;
        if (group.Length > 0)
            details["group"] = group;
        details["kind"] = resource;
        return details;
    }

    static string Qualified(string resource, string group) => group.Length == 0 ? resource : $"{resource}.{group}";
}
