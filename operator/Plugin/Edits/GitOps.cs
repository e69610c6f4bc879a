using System.Text.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Plugin.Edits;

/// <summary>What an edit by hand means for an object that a tool keeps as Git has it.</summary>
internal static class GitOps
{
    const string Ours = "kubectl-sluice";

    /// <summary>Notes for a person: who syncs the object, and whose fields were written over.</summary>
    /// <param name="meta">Of the object before the edit.</param>
    /// <param name="managedFields">Its metadata.managedFields; may be absent.</param>
    /// <param name="edit">What is changed.</param>
    public static IReadOnlyList<string> Notes(ObjectMeta meta, JsonElement? managedFields, Edit edit)
    {
        var notes = new List<string>();
        var tool = SyncedBy(meta);
        var owned = edit.Changes.Select(c => (c.Path, Owners: Owners(managedFields, c.Path))).Where(static c => c.Owners.Count > 0).ToArray();
        foreach (var (path, owners) in owned)
        {
            notes.Add($"{path} was set by {string.Join(" and ", owners)}, which puts its value back when it applies the manifest again. Make the same change there"
                + (tool is null ? "." : ", in Git."));
        }

        var free = edit.Changes.Select(static c => c.Path).Except(owned.Select(static o => o.Path)).ToArray();
        if (tool is not null && free.Length > 0)
        {
            notes.Add($"{tool} syncs this service. Git does not have {string.Join(" and ", free)}, so a sync leaves the change alone; "
                + "the next person who writes that field into Git overrules it.");
        }

        return notes;
    }

    /// <summary>By the marks that the tools leave; null when there is none.</summary>
    public static string? SyncedBy(ObjectMeta meta)
    {
        if ((meta.Annotation("argocd.argoproj.io/tracking-id")?.Split(':')[0] ?? meta.Label("argocd.argoproj.io/instance")) is { } application)
            return $"Argo CD's application {application}";
        if (meta.Label("kustomize.toolkit.fluxcd.io/name") is { } kustomization)
            return $"Flux' Kustomization {kustomization}";
        if (meta.Label("helm.toolkit.fluxcd.io/name") is { } helmRelease)
            return $"Flux' HelmRelease {helmRelease}";
        return meta.Annotation("meta.helm.sh/release-name") is { } release ? $"Helm's release {release}" : null;
    }

    /// <summary>The field managers of one field, without this program.</summary>
    public static IReadOnlyList<string> Owners(JsonElement? managedFields, string path)
    {
        if (managedFields is not { ValueKind: JsonValueKind.Array } managers)
            return [];
        return
        [
            .. managers.EnumerateArray()
                .Where(m => m.TryGetProperty("fieldsV1", out var fields) && Has(fields, path.Split('.')))
                .Select(static m => m.TryGetProperty("manager", out var name) ? name.GetString() ?? "" : "")
                .Where(static name => name is not ("" or Ours))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    static bool Has(JsonElement fields, ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            if (fields.ValueKind != JsonValueKind.Object || !fields.TryGetProperty($"f:{part}", out var inner))
                return false;
            fields = inner;
        }

        return true;
    }
}
