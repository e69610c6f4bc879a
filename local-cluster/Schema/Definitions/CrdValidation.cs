using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.LocalCluster.Schema.Definitions;

/// <summary>
/// What the API server demands of a CustomResourceDefinition, with its messages. The paths are those of its internal form,
/// where what all versions have in common stands above them. The cost of rules is not estimated.
/// </summary>
internal static partial class CrdValidation
{
    const string LabelRule = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end "
        + "with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    static readonly string[] ColumnTypes = ["boolean", "date", "integer", "number", "string"];
    static readonly string[] ColumnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

    /// <param name="definition">With its defaults, such as singular and listKind, already in place.</param>
    /// <param name="old">What it replaces.</param>
    public static IReadOnlyList<FieldError> Validate(JsonObject definition, JsonObject? old)
    {
        var spec = definition["spec"] as JsonObject ?? [];
        var errors = new ErrorList();
        Name(definition, spec, errors);
        Group(spec, errors);
        Scope(spec, errors);
        var versions = (spec["versions"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        Versions(spec, versions, errors);
        for (var i = 0; i < versions.Count; i++)
            Version(versions[i], PathOf(versions, i), versions.Count == 1, errors);
        Names(spec["names"] as JsonObject ?? [], errors);
        Conversion(spec, errors);
        if (old is not null)
            Unchanged(definition, spec, old, errors);
        return errors.All;
    }

    static string Text(JsonObject? obj, string name) =>
        obj is not null && obj[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    static void Name(JsonObject definition, JsonObject spec, ErrorList errors)
    {
        var name = Text(definition["metadata"] as JsonObject, "name");
        if (name != $"{Text(spec["names"] as JsonObject, "plural")}.{Text(spec, "group")}")
            errors.Invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
    }

    static void Group(JsonObject spec, ErrorList errors)
    {
        var group = Text(spec, "group");
        if (group.Length == 0)
            errors.Required("spec.group");
        else if (!Subdomain().IsMatch(group))
            errors.Invalid("spec.group", group, "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                + "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                + @"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
        else if (!group.Contains('.', StringComparison.Ordinal))
            errors.Invalid("spec.group", group, "should be a domain with at least one dot");
    }

    static void Scope(JsonObject spec, ErrorList errors)
    {
        var scope = Text(spec, "scope");
        if (scope.Length == 0)
            errors.Required("spec.scope");
        else if (scope is not ("Cluster" or "Namespaced"))
            errors.NotSupported("spec.scope", scope, ["Cluster", "Namespaced"]);
    }

    static void Versions(JsonObject spec, List<JsonObject> versions, ErrorList errors)
    {
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i]["schema"]?["openAPIV3Schema"] is not JsonObject)
                errors.Required($"spec.versions[{i}].schema.openAPIV3Schema");
            Label($"spec.versions[{i}].name", Text(versions[i], "name"), errors);
        }
        // The first version is also the one that v1beta1 knew.
        Label("spec.version", versions.Count > 0 ? Text(versions[0], "name") : "", errors);
        if (versions.Select(version => Text(version, "name")).Distinct(StringComparer.Ordinal).Count() != versions.Count)
            errors.Invalid("spec.versions", spec["versions"], "must contain unique version names");
        if (versions.Count(version => version["storage"]?.GetValueKind() == JsonValueKind.True) != 1)
            errors.Invalid("spec.versions", spec["versions"], "must have exactly one version marked as storage version");
        if (versions.TrueForAll(version => version["storage"]?.GetValueKind() != JsonValueKind.True))
            errors.Invalid("status.storedVersions", null, "must have at least one stored version");
    }

    /// <summary>What one version says, or all say alike, is looked for above the versions.</summary>
    static Func<string, string> PathOf(List<JsonObject> versions, int index) => member =>
        versions.TrueForAll(version => JsonNode.DeepEquals(version[member], versions[0][member]))
            ? $"spec.{(member == "schema" ? "validation" : member)}"
            : $"spec.versions[{index}].{member}";

    static void Version(JsonObject version, Func<string, string> path, bool single, ErrorList errors)
    {
        if (version["deprecationWarning"] is not null && version["deprecated"]?.GetValueKind() != JsonValueKind.True)
            errors.Invalid(single ? "spec.versions[0].deprecationWarning" : path("deprecationWarning"), version["deprecationWarning"],
                "can only be set for deprecated versions");
        if (version["schema"]?["openAPIV3Schema"] is JsonObject schema)
        {
            var hasStatus = version["subresources"] is JsonObject subresources && subresources.ContainsKey("status");
            errors.AddRange(DefinedSchema.Validate(schema, $"{path("schema")}.openAPIV3Schema", hasStatus));
            SelectableFields(version, schema, path("selectableFields"), errors);
        }
        if (version["subresources"]?["scale"] is JsonObject scale)
            Scale(scale, $"{path("subresources")}.scale", errors);
        var columns = version["additionalPrinterColumns"] as JsonArray ?? [];
        for (var i = 0; i < columns.Count; i++)
            Column(columns[i] as JsonObject ?? [], $"{path("additionalPrinterColumns")}[{i}]", errors);
    }

    static void Column(JsonObject column, string path, ErrorList errors)
    {
        var types = "must be one of " + string.Join(',', ColumnTypes);
        if (Text(column, "name").Length == 0)
            errors.Required($"{path}.name");
        if (Text(column, "type").Length == 0)
            errors.Required($"{path}.type", types);
        else if (!ColumnTypes.Contains(Text(column, "type")))
            errors.Invalid($"{path}.type", Text(column, "type"), types);
        if (Text(column, "format") is { Length: > 0 } format && !ColumnFormats.Contains(format))
            errors.Invalid($"{path}.format", format, "must be one of " + string.Join(',', ColumnFormats));
        if (Text(column, "jsonPath").Length == 0)
            errors.Required($"{path}.JSONPath");
        else
            SimplePath($"{path}.JSONPath", Text(column, "jsonPath"), errors);
    }

    static bool SimplePath(string path, string jsonPath, ErrorList errors)
    {
        if (jsonPath.StartsWith('.'))
            return true;
        errors.Invalid(path, jsonPath, "must be a simple json path starting with .");
        return false;
    }

    static void Scale(JsonObject scale, string path, ErrorList errors)
    {
        foreach (var (name, prefix) in (ReadOnlySpan<(string, string)>)[("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")])
        {
            var value = Text(scale, name);
            if (value.Length == 0)
                errors.Required($"{path}.{name}");
            else if (SimplePath($"{path}.{name}", value, errors) && !value.StartsWith(prefix, StringComparison.Ordinal))
                errors.Invalid($"{path}.{name}", value, $"should be a json path under {prefix[..^1]}");
        }
        if (Text(scale, "labelSelectorPath") is { Length: > 0 } selector && SimplePath($"{path}.labelSelectorPath", selector, errors)
            && !selector.StartsWith(".spec.", StringComparison.Ordinal) && !selector.StartsWith(".status.", StringComparison.Ordinal))
            errors.Invalid($"{path}.labelSelectorPath", selector, "should be a json path under either .spec or .status");
    }

    static void SelectableFields(JsonObject version, JsonObject schema, string path, ErrorList errors)
    {
        const int Most = 8;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var fields = version["selectableFields"] as JsonArray ?? [];
        for (var i = 0; i < fields.Count; i++)
        {
            var jsonPath = Text(fields[i] as JsonObject, "jsonPath");
            var at = $"{path}[{i}].jsonPath";
            if (jsonPath.Length == 0)
                errors.Required(at);
            else if (SchemaPath.Find(schema, jsonPath, allowBrackets: false, out var problem) is not { } found)
                errors.Invalid(at, jsonPath, $"is an invalid path: {problem}");
            else
            {
                if (jsonPath.StartsWith(".metadata", StringComparison.Ordinal))
                    errors.Invalid(at, jsonPath, "must not point to fields in metadata");
                if (Text(found, "type") is not ("string" or "boolean" or "integer"))
                    errors.Invalid(at, jsonPath, "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.");
                if (!seen.Add(jsonPath))
                    errors.Duplicate(at, jsonPath);
            }
        }
        if (seen.Count > Most)
            errors.Add(path, FieldErrorType.TooMany, $"Too many: {seen.Count}: must have at most {Most} items");
    }

    static void Names(JsonObject names, ErrorList errors)
    {
        foreach (var name in (ReadOnlySpan<string>)["plural", "singular", "kind", "listKind"])
        {
            if (Text(names, name).Length == 0)
                errors.Required($"spec.names.{name}");
        }
        Label("spec.names.plural", Text(names, "plural"), errors);
        Label("spec.names.singular", Text(names, "singular"), errors);
        foreach (var name in (ReadOnlySpan<string>)["kind", "listKind"])
        {
            if (Text(names, name) is { Length: > 0 } kind && !DnsLabel().IsMatch(kind.ToLowerInvariant()))
                errors.Invalid($"spec.names.{name}", kind, "may have mixed case, but should otherwise match: " + LabelRule);
        }
        if (Text(names, "kind").Length > 0 && Text(names, "kind") == Text(names, "listKind"))
            errors.Invalid("spec.names.listKind", Text(names, "listKind"), "kind and listKind may not be the same");
        foreach (var list in (ReadOnlySpan<string>)["shortNames", "categories"])
        {
            var entries = names[list] as JsonArray ?? [];
            for (var i = 0; i < entries.Count; i++)
                Label($"spec.names.{list}[{i}]", entries[i]?.ToString() ?? "", errors);
        }
    }

    static void Label(string path, string value, ErrorList errors)
    {
        if (value.Length > 63)
            errors.Invalid(path, value, "must be no more than 63 bytes");
        else if (value.Length > 0 && !DnsLabel().IsMatch(value))
            errors.Invalid(path, value, LabelRule);
    }

    /// <summary>Conversion by webhook is refused rather than pretended.</summary>
    static void Conversion(JsonObject spec, ErrorList errors)
    {
        if (Text(spec["conversion"] as JsonObject, "strategy") is { Length: > 0 } strategy && strategy != "None")
            errors.NotSupported("spec.conversion.strategy", strategy, ["None"]);
    }

    static void Unchanged(JsonObject definition, JsonObject spec, JsonObject old, ErrorList errors)
    {
        var oldSpec = old["spec"] as JsonObject ?? [];
        foreach (var (name, now, then) in (ReadOnlySpan<(string, JsonNode?, JsonNode?)>)
        [
            ("scope", spec["scope"], oldSpec["scope"]), ("names.kind", spec["names"]?["kind"], oldSpec["names"]?["kind"]),
            ("group", spec["group"], oldSpec["group"]), ("names.plural", spec["names"]?["plural"], oldSpec["names"]?["plural"]),
        ])
        {
            if (!JsonNode.DeepEquals(now, then))
                errors.Invalid($"spec.{name}", now, "field is immutable");
        }
        var declared = (spec["versions"] as JsonArray ?? []).Select(version => (string?)version?["name"]).ToHashSet(StringComparer.Ordinal);
        var stored = definition["status"]?["storedVersions"] as JsonArray ?? [];
        for (var i = 0; i < stored.Count; i++)
        {
            if (stored[i]?.ToString() is { } version && !declared.Contains(version))
                errors.Invalid($"status.storedVersions[{i}]", version, $"missing from spec.versions; {version} was previously a storage version, and must "
                    + "remain in spec.versions until a storage migration ensures no data remains persisted in "
                    + $"{version} and removes {version} from status.storedVersions");
        }
    }

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex DnsLabel();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();
}
