using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Apply;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Api.Validation;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Custom;

/// <summary>A kind that a CustomResourceDefinition defines.</summary>
internal sealed class CustomKind : IKind
{
    readonly Dictionary<string, Version> versions = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<(string, string), FieldOwnership> ownerships = new();

    sealed record Version(ServedVersion Served, StructuralSchema Structure, SchemaNode Merging, TableLayout Table, IReadOnlyDictionary<string, JsonPath> Fields, JsonObject Raw);

    /// <param name="definition">The definition as stored.</param>
    /// <param name="objects">The collection of its objects, which outlives changes of the definition.</param>
    public CustomKind(JsonObject definition, Collection objects)
    {
        Objects = objects;
        var spec = definition.Object("spec")!;
        Info = InfoOf(spec);
        foreach (var version in spec.Objects("versions").Where(one => one.Flag("served") == true || one.Flag("storage") == true))
            versions[version.Text("name")!] = Read(version);
        Versions = [.. spec.Objects("versions").Where(one => one.Flag("served") == true).Select(one => versions[one.Text("name")!].Served)
            .OrderByDescending(one => one.Name, VersionOrder.Instance)];
        StorageVersion = spec.Objects("versions").First(one => one.Flag("storage") == true).Text("name")!;
    }

    public ResourceInfo Info { get; }

    public IReadOnlyList<ServedVersion> Versions { get; }

    public string StorageVersion { get; }

    public Collection Objects { get; }

    public ObjectType? Type => null;

    public FieldOwnership Ownership(string version, string subresource) => ownerships.GetOrAdd((version, subresource), door =>
        new FieldOwnership(Schema(version), Head(version), subresource switch
        {
            "status" => FieldSet.Of(["metadata"], ["spec"]),
            _ when versions[version].Served.Status => FieldSet.Of(["status"]),
            _ => FieldSet.Empty,
        }));

    public SchemaNode Schema(string version) => versions[version].Merging;

    /// <summary>The schema as its author wrote it. Not to be changed.</summary>
    public JsonObject RawSchema(string version) => versions[version].Raw;

    public JsonObject Read(string version, JsonObject sent, Reading reading)
    {
        var pruned = versions[version].Structure.Prune(sent, out var unknown);
        foreach (var path in unknown)
            reading.Unknown.Add(path);
        if (pruned["metadata"] is JsonObject metadata)
        {
            var below = new List<string>();
            pruned["metadata"] = Metadata(metadata, below);
            reading.Unknown.AddRange(below.Select(path => $"metadata.{path}"));
        }

        return pruned;
    }

    public JsonObject Default(string version, JsonObject obj) => versions[version].Structure.Default(obj);

    public JsonObject Convert(JsonObject obj, string version)
    {
        var apiVersion = GroupVersions.Join(Info.Group, version);
        if (obj.Text("apiVersion") == apiVersion)
            return obj;
        var converted = versions[version].Structure.Default(versions[version].Structure.Prune(obj));
        converted["apiVersion"] = apiVersion;
        return converted;
    }

    public void Prepare(Write write)
    {
        var version = GroupVersions.Split(write.Object.Text("apiVersion") ?? "").Version;
        var guarded = versions[version].Served.Status;
        if (write.Subresource == "status")
        {
            KeepAllButStatus(write);
            return;
        }

        if (guarded)
        {
            write.Object.Remove("status");
            if (write.Old?["status"] is { } status)
                write.Object["status"] = status.DeepClone();
        }

        var generation = write.Old.Integer("metadata", "generation") ?? 0;
        if (write.Old is null || Changed(write.Old, write.Object))
            generation++;
        write.Object.Ensure("metadata")["generation"] = generation;
    }

    public IEnumerable<FieldError> Validate(string version, Write write)
    {
        var structure = versions[StorageVersion].Structure;
        var errors = MetadataValidation.Check(write.Object, write.Old, Info.Namespaced, Names.Subdomain);
        return errors.Concat(write.Subresource == "status"
            ? structure.ValidateStatus(write.Object, write.Old!)
            : structure.Validate(write.Object, write.Old));
    }

    public bool SupportsField(string version, string field) =>
        field == "metadata.name" || (field == "metadata.namespace" && Info.Namespaced) || versions[version].Fields.ContainsKey(field);

    public string? FieldValue(string version, JsonObject obj, string field) => field switch
    {
        "metadata.name" => obj.Text("metadata", "name"),
        "metadata.namespace" => obj.Text("metadata", "namespace"),
        _ => versions[version].Fields.TryGetValue(field, out var path) && path.Find(obj).FirstOrDefault() is { } value
            ? value.AsText() ?? value.ToJsonString()
            : null,
    };

    public TableLayout Table(string version) => versions[version].Table;

    static ResourceInfo InfoOf(JsonObject spec)
    {
        var names = spec.Object("names")!;
        return new ResourceInfo(spec.Text("group")!, names.Text("kind")!, names.Text("plural")!, spec.Text("scope") == "Namespaced")
        {
            Singular = names.Text("singular") ?? names.Text("kind")!.ToLowerInvariant(),
            ListKind = names.Text("listKind") ?? names.Text("kind") + "List",
            ShortNames = [.. names.Texts("shortNames")],
            Categories = [.. names.Texts("categories")],
            UnconditionalUpdate = false,
        };
    }

    Version Read(JsonObject version)
    {
        var raw = version.Object("schema", "openAPIV3Schema") ?? [];
        using var schema = JsonDocument.Parse(JsonText.Write(raw));
        var structure = StructuralSchema.Parse(schema.RootElement);
        var scale = version.Object("subresources", "scale");
        var served = new ServedVersion(version.Text("name")!)
        {
            Status = version.At("subresources") is JsonObject subresources && subresources.ContainsKey("status"),
            Scale = scale is null ? null : new ScalePaths(
                JsonPath.Members(scale.Text("specReplicasPath") ?? "") ?? [],
                JsonPath.Members(scale.Text("statusReplicasPath") ?? "") ?? [],
                JsonPath.Members(scale.Text("labelSelectorPath") ?? "")),
            Deprecation = version.Flag("deprecated") == true
                ? version.Text("deprecationWarning") ?? $"{Info.Group}/{version.Text("name")} {Info.Kind} is deprecated"
                : null,
        };
        var fields = version.Objects("selectableFields").Select(field => field.Text("jsonPath") ?? "")
            .ToDictionary(path => path.TrimStart('.'), JsonPath.Parse, StringComparer.Ordinal);
        return new Version(served, structure, MergeSchema.WithMetadata(structure.Root), CustomTable.Of(version), fields, raw);
    }

    JsonObject Head(string version) => new() { ["apiVersion"] = GroupVersions.Join(Info.Group, version), ["kind"] = Info.Kind };

    static JsonObject Metadata(JsonObject sent, List<string> unknown)
    {
        var read = new TypedReader(unknown).Read(TypeTable.BuiltIn["meta.ObjectMeta"], sent);
        return read;
    }

    static void KeepAllButStatus(Write write)
    {
        var managed = write.Object.At("metadata", "managedFields")?.DeepClone();
        var status = write.Object["status"]?.DeepClone();
        foreach (var name in write.Object.Select(member => member.Key).ToList())
            write.Object.Remove(name);
        foreach (var (name, value) in write.Old!)
            write.Object[name] = value?.DeepClone();
        write.Object.Remove("status");
        if (status is not null)
            write.Object["status"] = status;
        write.Object.Ensure("metadata").Remove("managedFields");
        if (managed is not null)
            write.Object.Ensure("metadata")["managedFields"] = managed;
    }

    /// <summary>Any change outside the metadata counts; the status is already the old one when it has a door of its own.</summary>
    static bool Changed(JsonObject old, JsonObject next) =>
        old.Count != next.Count || next.Any(member => member.Key != "metadata" && !Tree.Same(member.Value, old[member.Key]));
}

/// <summary>Kubernetes' order of versions: v2, v1, v1beta2, v1beta1, v1alpha1, others by name.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Rank(x!), Rank(y!));
        var order = left.CompareTo(right);
        return order != 0 ? order : string.CompareOrdinal(y, x);
    }

    static (int Known, int Stability, int Major, int Minor) Rank(string version)
    {
        if (version.Length < 2 || version[0] != 'v')
            return default;
        foreach (var (word, stability) in new[] { ("alpha", 1), ("beta", 2) })
        {
            var at = version.IndexOf(word, StringComparison.Ordinal);
            if (at > 0 && int.TryParse(version.AsSpan(1, at - 1), out var major) && int.TryParse(version.AsSpan(at + word.Length), out var minor))
                return (1, stability, major, minor);
        }

        return int.TryParse(version.AsSpan(1), out var stable) ? (1, 3, stable, 0) : default;
    }
}
