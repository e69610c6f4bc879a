using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Validation;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Custom;

/// <summary>What is particular to CustomResourceDefinitions themselves.</summary>
internal static class DefinitionRules
{
    public const string Cleanup = "customresourcecleanup.apiextensions.k8s.io";

    static readonly string[] ColumnTypes = ["integer", "number", "string", "boolean", "date"];

    public static KindRules Rules { get; } = new()
    {
        Default = Default,
        Prepare = Prepare,
        Validate = Validate,
        Table = CoreTables.JustCreated,
        Generation = true,
    };

    static void Default(JsonObject definition)
    {
        if (definition.Object("spec") is not { } spec)
            return;
        spec.Ensure("conversion").SetDefault("strategy", () => "None");
        if (spec.Object("names") is not { } names || names.Text("kind") is not { Length: > 0 } kind)
            return;
        names.SetDefault("singular", () => kind.ToLowerInvariant());
        names.SetDefault("listKind", () => kind + "List");
    }

    static void Prepare(Write write)
    {
        if (write.Subresource == "status")
            return;
        if (write.Object.Object("metadata") is { } metadata && write.Old is null && !metadata.Texts("finalizers").Contains(Cleanup))
            metadata["finalizers"] = new JsonArray([.. metadata.Texts("finalizers").Append(Cleanup).Select(one => (JsonNode)one)]);
        var status = write.Object.Ensure("status");
        var stored = write.Old is null ? [] : write.Old.Texts("status", "storedVersions").ToList();
        foreach (var version in write.Object.Objects("spec", "versions").Where(one => one.Flag("storage") == true).Select(one => one.Text("name") ?? ""))
        {
            if (!stored.Contains(version))
                stored.Add(version);
        }

        status["storedVersions"] = new JsonArray([.. stored.Select(one => (JsonNode)one)]);
    }

    static IEnumerable<FieldError> Validate(Write write)
    {
        var spec = write.Object.Object("spec") ?? [];
        var (group, plural) = (spec.Text("group") ?? "", spec.Text("names", "plural") ?? "");
        var name = write.Object.Text("metadata", "name") ?? "";
        if (name != $"{plural}.{group}")
            yield return Errors.Invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
        if (spec.Text("scope") is { Length: > 0 } scope and not ("Namespaced" or "Cluster"))
            yield return Errors.NotSupported("spec.scope", scope, ["Cluster", "Namespaced"]);
        if (group.Length > 0 && !group.Contains('.', StringComparison.Ordinal))
            yield return Errors.Invalid("spec.group", group, "should be a domain with at least one dot");
        if (spec.Text("conversion", "strategy") == "Webhook")
            yield return Errors.NotSupported("spec.conversion.strategy", "Webhook", ["None"]);
        foreach (var error in NameForms(spec).Concat(Versions(spec)).Concat(Immutable(write, spec)))
            yield return error;
    }

    static IEnumerable<FieldError> NameForms(JsonObject spec)
    {
        foreach (var (field, value) in new[] { ("plural", spec.Text("names", "plural")), ("singular", spec.Text("names", "singular")), ("kind", spec.Text("names", "kind")?.ToLowerInvariant()), ("listKind", spec.Text("names", "listKind")?.ToLowerInvariant()) })
        {
            foreach (var problem in value is { Length: > 0 } ? Names.Dns1035(value) : [])
                yield return Errors.Invalid($"spec.names.{field}", spec.Text("names", field), problem);
        }
    }

    static IEnumerable<FieldError> Versions(JsonObject spec)
    {
        var versions = spec.Objects("versions").ToList();
        if (versions.Count(one => one.Flag("storage") == true) != 1)
            yield return Errors.Invalid("spec.versions", spec["versions"]?.DeepClone(), "must have exactly one version marked as storage version");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (version, index) in versions.Select((one, index) => (one, index)))
        {
            var at = $"spec.versions[{index}]";
            if (!seen.Add(version.Text("name") ?? ""))
                yield return Errors.Duplicate($"{at}.name", version.Text("name"));
            if (version.Object("schema", "openAPIV3Schema") is not { } schema)
                yield return Errors.Required($"{at}.schema.openAPIV3Schema", "schemas are required");
            else if (schema.Text("type") is null or "")
                yield return Errors.Required($"{at}.schema.openAPIV3Schema.type", "must not be empty at the root");
            else if (schema.Text("type") != "object")
                yield return Errors.Invalid($"{at}.schema.openAPIV3Schema.type", schema.Text("type"), "must be object at the root");
            foreach (var error in Columns(version, at).Concat(Scale(version, at)))
                yield return error;
        }
    }

    static IEnumerable<FieldError> Columns(JsonObject version, string path)
    {
        foreach (var (column, index) in version.Objects("additionalPrinterColumns").Select((one, index) => (one, index)))
        {
            var at = $"{path}.additionalPrinterColumns[{index}]";
            if (column.Text("type") is { Length: > 0 } type && !ColumnTypes.Contains(type))
                yield return Errors.Invalid($"{at}.type", type, $"must be one of {string.Join(',', ColumnTypes.Order(StringComparer.Ordinal))}");
            FieldError? bad = null;
            try
            {
                JsonPath.Parse(column.Text("jsonPath") ?? "");
            }
            catch (FormatException error)
            {
                bad = Errors.Invalid($"{at}.jsonPath", column.Text("jsonPath"), error.Message);
            }

            if (bad is not null)
                yield return bad;
        }
    }

    static IEnumerable<FieldError> Scale(JsonObject version, string path)
    {
        if (version.Object("subresources", "scale") is not { } scale)
            yield break;
        foreach (var (field, prefix) in new[] { ("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.") })
        {
            var text = scale.Text(field) ?? "";
            if (JsonPath.Members(text) is null || !text.StartsWith(prefix, StringComparison.Ordinal))
                yield return Errors.Invalid($"{path}.subresources.scale.{field}", text, $"should be a json path under {prefix[..^1]}");
        }
    }

    static IEnumerable<FieldError> Immutable(Write write, JsonObject spec)
    {
        if (write.Old is null)
            yield break;
        foreach (var path in new[] { "group", "scope" })
        {
            if (write.Old.Text("spec", path) != spec.Text(path))
                yield return Errors.Invalid($"spec.{path}", spec.Text(path), "field is immutable");
        }

        foreach (var name in new[] { "kind", "plural" })
        {
            if (write.Old.Text("spec", "names", name) != spec.Text("names", name))
                yield return Errors.Invalid($"spec.names.{name}", spec.Text("names", name), "field is immutable");
        }

        var declared = spec.Objects("versions").Select(one => one.Text("name")).ToHashSet();
        foreach (var (version, index) in write.Old.Texts("status", "storedVersions").Select((one, index) => (one, index)))
        {
            if (!declared.Contains(version))
                yield return Errors.Invalid($"status.storedVersions[{index}]", version, "missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions".Replace("v1", version, StringComparison.Ordinal));
        }
    }
}
