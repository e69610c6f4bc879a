using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Apply;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Resources.Core;

/// <summary>
/// Events of events.k8s.io/v1: the objects of core/v1 with other names for some of their members. They are stored as core
/// events, so each shows what was written through the other.
/// </summary>
/// <param name="core">The core kind, which keeps the objects and their rules.</param>
/// <param name="form">The kind as it looks in this group.</param>
internal sealed class NewEvents(IKind core, IKind form) : IKind
{
    // Not a version that is served: what the objects are converted to before they are stored.
    const string Stored = "core";

    static readonly (string New, string Core)[] Names =
    [
        ("note", "message"), ("regarding", "involvedObject"), ("reportingController", "reportingComponent"),
        ("deprecatedSource", "source"), ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedCount", "count"),
    ];

    public ResourceInfo Info => form.Info;

    public IReadOnlyList<ServedVersion> Versions => form.Versions;

    public string StorageVersion => Stored;

    public Collection Objects => core.Objects;

    public ObjectType? Type => form.Type;

    public FieldOwnership Ownership(string version, string subresource) => form.Ownership(version, subresource);

    public SchemaNode Schema(string version) => form.Schema(version);

    public JsonObject Read(string version, JsonObject sent, Reading reading) => form.Read(version, sent, reading);

    public JsonObject Default(string version, JsonObject obj) => form.Default(version, obj);

    public JsonObject Convert(JsonObject obj, string version) => version == Stored
        ? Renamed(obj, "v1", Names.ToDictionary(pair => pair.New, pair => pair.Core, StringComparer.Ordinal))
        : Renamed(obj, "events.k8s.io/v1", Names.ToDictionary(pair => pair.Core, pair => pair.New, StringComparer.Ordinal));

    public void Prepare(Write write) => core.Prepare(write);

    public IEnumerable<FieldError> Validate(string version, Write write) => core.Validate("v1", write);

    public bool SupportsField(string version, string field) => form.SupportsField(version, field);

    public string? FieldValue(string version, JsonObject obj, string field) => form.FieldValue(version, obj, field);

    public TableLayout Table(string version) => form.Table(version);

    static JsonObject Renamed(JsonObject obj, string apiVersion, Dictionary<string, string> names)
    {
        if (obj.Text("apiVersion") == apiVersion)
            return obj;
        var result = new JsonObject();
        foreach (var (name, value) in obj)
            result[names.GetValueOrDefault(name, name)] = value?.DeepClone();
        result["apiVersion"] = apiVersion;
        return result;
    }
}
