using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Apply;

/// <summary>The owners of an object's fields: <c>metadata.managedFields</c> in a form to work with. Immutable.</summary>
internal sealed record ManagedFields(ImmutableDictionary<Manager, Ownership> Owners)
{
    public static ManagedFields None { get; } = new(ImmutableDictionary<Manager, Ownership>.Empty);

    /// <summary>Of an object as stored or sent.</summary>
    /// <exception cref="FormatException">An entry is not well formed.</exception>
    public static ManagedFields Of(JsonObject obj)
    {
        var owners = ImmutableDictionary.CreateBuilder<Manager, Ownership>();
        foreach (var (entry, index) in obj.Objects("metadata", "managedFields").Select((entry, index) => (entry, index)))
        {
            var operation = entry.Text("operation");
            if (operation is not ("Apply" or "Update"))
                throw new FormatException("operation must be `Apply` or `Update`");
            var version = entry.Text("apiVersion") is { Length: > 0 } given ? given : throw new FormatException("apiVersion must not be empty");
            if (entry.Text("fieldsType") != "FieldsV1")
                throw new FormatException($"missing fieldsType in managed fields entry {index}");
            var manager = new Manager(entry.Text("manager") ?? "", operation == "Apply", operation == "Apply" ? "" : version,
                entry.Text("subresource") ?? "");
            owners[manager] = new Ownership(FieldSet.FromJson(entry.Object("fieldsV1") ?? []), version, entry.Text("time"));
        }

        return new ManagedFields(owners.ToImmutable());
    }

    /// <summary>A client asks to forget all owners with an empty list, or a list of one empty entry.</summary>
    public static bool IsReset(JsonObject obj) =>
        obj.Array("metadata", "managedFields") is { } list && (list.Count == 0 || (list.Count == 1 && list[0] is JsonObject { Count: 0 }));

    /// <summary>Writes the entries into the object's metadata, appliers first, then by time and name.</summary>
    public void WriteTo(JsonObject obj)
    {
        var metadata = obj.Ensure("metadata");
        metadata.Remove("managedFields");
        if (Owners.IsEmpty)
            return;
        var entries = Owners
            .OrderByDescending(owner => owner.Key.Applies)
            .ThenBy(owner => owner.Value.Time ?? "", StringComparer.Ordinal)
            .ThenBy(owner => owner.Key.Name, StringComparer.Ordinal)
            .ThenBy(owner => owner.Value.ApiVersion, StringComparer.Ordinal)
            .ThenBy(owner => owner.Key.Subresource, StringComparer.Ordinal);
        metadata["managedFields"] = new JsonArray([..entries.Select(owner => (JsonNode)Entry(owner.Key, owner.Value))]);
    }

    static JsonObject Entry(Manager manager, Ownership owned)
    {
        var entry = new JsonObject
        {
            ["manager"] = manager.Name,
            ["operation"] = manager.Applies ? "Apply" : "Update",
            ["apiVersion"] = owned.ApiVersion,
        };
        if (owned.Time is not null)
            entry["time"] = owned.Time;
        entry["fieldsType"] = "FieldsV1";
        entry["fieldsV1"] = owned.Fields.ToJson();
        if (manager.Subresource.Length > 0)
            entry["subresource"] = manager.Subresource;
        return entry;
    }
}
