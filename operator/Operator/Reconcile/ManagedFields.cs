using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;

namespace Sluice.Operator.Reconcile;

/// <summary>Who owns which fields of a live object, as the API keeps it.</summary>
internal sealed class ManagedFields(JsonElement live)
{
    const string Apply = "Apply";
    const string Update = "Update";

    readonly JsonElement[] entries =
        live.GetProperty("metadata").TryGetProperty("managedFields", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray()] : [];

    public bool Has(string manager) => entries.Any(e => Is(e, manager));

    /// <summary>
    /// We create by POST, because only that refuses to take over an object that is there already; the API books it as an
    /// update. Before the first apply the entry must become one of an apply, or what later is no longer sent would stay.
    /// Null when there is nothing to do.
    /// </summary>
    public JsonElement? Migration(string manager)
    {
        var updates = entries.Where(e => Is(e, manager, Update)).ToArray();
        if (updates.Length == 0)
            return null;
        var hasApply = entries.Any(e => Is(e, manager, Apply));
        var migrated = new JsonArray();
        foreach (var entry in entries)
        {
            var node = JsonObject.Create(entry)!;
            if (Is(entry, manager, Update))
            {
                if (hasApply)
                    continue;
                node["operation"] = Apply;
                hasApply = true;
            }

            migrated.Add((JsonNode)node);
        }

        var metadata = live.GetProperty("metadata");
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = metadata.GetProperty("uid").GetString(),
                ["resourceVersion"] = metadata.GetProperty("resourceVersion").GetString(),
                ["managedFields"] = migrated,
            },
        };
        return JsonSerializer.SerializeToElement(patch, KubeJson.Default.JsonObject);
    }

    /// <summary>Whether <paramref name="manager"/> is the only one that owns <c>spec.replicas</c>.</summary>
    public bool AloneOwnsReplicas(string manager)
    {
        var owners = entries.Where(OwnsReplicas).ToArray();
        return owners.Length > 0 && owners.All(e => Is(e, manager));
    }

    static bool OwnsReplicas(JsonElement entry) =>
        entry.TryGetProperty("fieldsV1", out var fields)
        && fields.TryGetProperty("f:spec", out var spec)
        && spec.TryGetProperty("f:replicas", out _);

    // Entries of subresources are other people's business: status by controllers, scale by autoscalers.
    static bool Is(JsonElement entry, string manager, string? operation = null) =>
        Text(entry, "manager") == manager
        && string.IsNullOrEmpty(Text(entry, "subresource"))
        && (operation is null || Text(entry, "operation") == operation);

    static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
