using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Apply;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Api.Validation;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Resources;

/// <summary>What is particular to one built-in kind.</summary>
internal sealed record KindRules
{
    /// <summary>Defaults beyond the declared ones.</summary>
    public Action<JsonObject>? Default { get; init; }

    /// <summary>What the server decides on a write.</summary>
    public Action<Write>? Prepare { get; init; }

    public Func<Write, IEnumerable<FieldError>>? Validate { get; init; }

    public Func<string, IEnumerable<string>> NameForm { get; init; } = Names.Subdomain;

    /// <summary>Fields that selectors may name, beside name and namespace.</summary>
    public IReadOnlyDictionary<string, Func<JsonObject, string?>> Fields { get; init; } =
        new Dictionary<string, Func<JsonObject, string?>>(StringComparer.Ordinal);

    public required TableLayout Table { get; init; }

    /// <summary>Whether a change of the spec counts up <c>metadata.generation</c>.</summary>
    public bool Generation { get; init; }
}

/// <summary>A kind that every cluster has: its types are declared, its particular rules are code.</summary>
internal sealed class BuiltInKind(
    ResourceInfo info, ObjectType type, ServedVersion version, KindRules rules, Collection objects) : IKind
{
    readonly ConcurrentDictionary<string, FieldOwnership> ownerships = new(StringComparer.Ordinal);
    readonly Lazy<SchemaNode> schema = new(() => TypeSchemas.OfKind(type));

    public ResourceInfo Info => info;

    public IReadOnlyList<ServedVersion> Versions { get; } = [version];

    public string StorageVersion => version.Name;

    public Collection Objects => objects;

    public ObjectType Type => type;

    public SchemaNode Schema(string version) => schema.Value;

    public FieldOwnership Ownership(string version, string subresource) => ownerships.GetOrAdd(subresource, door =>
        new FieldOwnership(schema.Value, Blank(), door switch
        {
            "status" => FieldSet.Of(["spec"], ["metadata", "labels"]),
            _ when Versions[0].Status => FieldSet.Of(["status"]),
            _ => FieldSet.Empty,
        }));

    public JsonObject Read(string version, JsonObject sent, Reading reading) => new TypedReader(reading.Unknown).Read(type, sent);

    public JsonObject Default(string version, JsonObject obj)
    {
        TypedDefaults.Apply(type, obj);
        rules.Default?.Invoke(obj);
        return obj;
    }

    public JsonObject Convert(JsonObject obj, string version) => obj;

    public void Prepare(Write write)
    {
        if (version.Status)
            KeepStatusApart(write);
        rules.Prepare?.Invoke(write);
        if (!rules.Generation || write.Subresource == "status")
            return;
        var generation = write.Old.Integer("metadata", "generation") ?? 0;
        if (write.Old is null || !Tree.Same(write.Old["spec"], write.Object["spec"]))
            generation++;
        write.Object.Ensure("metadata")["generation"] = generation;
    }

    public IEnumerable<FieldError> Validate(string version, Write write)
    {
        var errors = MetadataValidation.Check(write.Object, write.Old, info.Namespaced, rules.NameForm);
        if (write.Subresource != "status")
            errors = errors.Concat(TypedValidation.Check(type, write.Object)).Concat(rules.Validate?.Invoke(write) ?? []);
        return errors;
    }

    public bool SupportsField(string version, string field) =>
        field == "metadata.name" || (field == "metadata.namespace" && info.Namespaced) || rules.Fields.ContainsKey(field);

    public string? FieldValue(string version, JsonObject obj, string field) => field switch
    {
        "metadata.name" => obj.Text("metadata", "name"),
        "metadata.namespace" => obj.Text("metadata", "namespace"),
        _ => rules.Fields.TryGetValue(field, out var value) ? value(obj) : null,
    };

    public TableLayout Table(string version) => rules.Table;

    JsonObject Blank() => new TypedReader().Read(type, new JsonObject
    {
        ["apiVersion"] = GroupVersions.Join(info.Group, version.Name),
        ["kind"] = info.Kind,
    });

    /// <summary>The status changes through its own door only, and nothing else changes through that door.</summary>
    void KeepStatusApart(Write write)
    {
        if (write.Subresource == "status")
        {
            foreach (var name in type.Fields.Select(field => field.Name).Where(name => name is not ("status" or "metadata")))
            {
                write.Object.Remove(name);
                if (write.Old!.TryGetPropertyValue(name, out var kept))
                    write.Object[name] = kept?.DeepClone();
            }

            return;
        }

        var status = write.Old?["status"]?.DeepClone() ?? Blank()["status"]?.DeepClone();
        write.Object["status"] = status;
        if (write.Old is null && status is JsonObject blank)
            TypedDefaults.Apply(type.Find("status")!.Type.Object!, blank);
    }
}
