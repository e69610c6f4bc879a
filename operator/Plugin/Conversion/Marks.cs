using System.Text.Json.Nodes;

namespace Sluice.Plugin.Conversion;

/// <summary>Labels and annotations of the object itself: KServe's and Seldon's have no meaning here, everybody else's are kept.</summary>
internal static class Marks
{
    const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>These ask for what is always so, or is a matter of KServe's installation.</summary>
    static readonly string[] Needless = ["deploymentMode", "enable-prometheus-scraping", "enable-metric-aggregation", "disable-auto-update", "enable-tag-routing", "autoscalerClass=hpa"];

    public static void Fill(JsonObject metadata, Source source, List<Note> notes)
    {
        foreach (var map in (string[])["labels", "annotations"])
        {
            if (source.Take("metadata", map) is not JsonObject entries)
                continue;
            entries.Remove(LastApplied);
            foreach (var name in entries.Select(static e => e.Key).Where(IsTheirs).ToArray())
            {
                Explain($"metadata.{map}[{name}]", name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..], (string?)entries[name] ?? "", notes);
                entries.Remove(name);
            }

            if (entries.Count == 0)
                continue;
            metadata[map] = entries;
            notes.Add(new Note(NoteKind.Changed, $"metadata.{map}", $"stay on the service; what pods are to bear goes into spec.predictor.{map}"));
        }
    }

    static bool IsTheirs(string name) =>
        name.Contains("kserve.io/", StringComparison.Ordinal) || name.StartsWith("seldon.io/", StringComparison.Ordinal);

    static void Explain(string path, string name, string value, List<Note> notes)
    {
        if (Array.Exists(Needless, n => n == name || n == $"{name}={value}"))
            return;
        notes.Add(name switch
        {
            "stop" when value != "false" => new Note(NoteKind.ToDo, path, "the service was stopped, and applying the result starts it: Sluice does not scale to zero"),
            "stop" => new Note(NoteKind.Changed, path, "is not needed"),
            "secretName" or "storageSecretName" => new Note(NoteKind.ToDo, path, $"name Secret {value} in credentials of the ModelVersion (--credentials {value}); docs/models-and-storage.md has the keys that it needs"),
            "autoscalerClass" => new Note(NoteKind.Lost, path, $"'{value}': the number of pods is a HorizontalPodAutoscaler's, or fixed"),
            _ => new Note(NoteKind.Lost, path, "has no counterpart"),
        });
    }
}
