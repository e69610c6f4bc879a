using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Operator.Api;
using Sluice.Operator.Status;

namespace Sluice.Plugin.Conversion;

/// <summary>What every conversion makes in the end, whatever it read.</summary>
internal static class Made
{
    /// <summary>Whatever a cluster adds to an object, which no manifest has.</summary>
    static readonly string[] Bookkeeping = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "finalizers", "selfLink", "ownerReferences"];

    /// <summary>Takes what says nothing of the service; name and namespace are left.</summary>
    public static void SkipBookkeeping(Source source)
    {
        source.Take("apiVersion");
        source.Take("kind");
        source.Take("status");
        foreach (var field in Bookkeeping)
            source.Take("metadata", field);
    }

    public static JsonObject Metadata(string name, string? ns)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
            metadata["namespace"] = ns;
        return metadata;
    }

    /// <param name="name">The ModelVersion's.</param>
    /// <param name="ns">Null for none.</param>
    /// <param name="model">Of which it is a version.</param>
    /// <param name="version">What it is called among them.</param>
    /// <param name="storageUri">Where it lies.</param>
    /// <param name="secret">What it is fetched with; null for nothing.</param>
    public static JsonObject Version(string name, string? ns, string model, string version, string storageUri, string? secret)
    {
        var spec = new JsonObject
        {
            ["model"] = model,
            ["version"] = version,
            ["format"] = new JsonObject { ["name"] = "onnx" },
            ["storageUri"] = storageUri,
        };
        if (secret is not null)
            spec["credentials"] = new JsonObject { ["secretName"] = secret };
        return Manifest("ModelVersion", Metadata(name, ns), spec);
    }

    /// <summary>The service, and what in it has no effect.</summary>
    public static JsonObject Service(JsonObject metadata, JsonObject spec, List<Note> notes)
    {
        Named((string)metadata["name"]!, notes);
        var service = Manifest("InferenceService", metadata, spec);
        var typed = service.Deserialize(ApiJson.Default.InferenceService)!;
        notes.AddRange(UnhonouredFields.Of(typed.Spec).Select(static f => new Note(NoteKind.Lost, $"spec.{f}", "is carried over, and has no effect in this version of Sluice")));
        return service;
    }

    /// <summary>What must be done comes first, then what is lost.</summary>
    public static Converted Sorted(string name, IReadOnlyList<JsonObject> manifests, IEnumerable<Note> notes) =>
        new(name, manifests, [.. notes.OrderBy(static n => n.Kind switch { NoteKind.ToDo => 0, NoteKind.Lost => 1, _ => 2 })]);

    static JsonObject Manifest(string kind, JsonObject metadata, JsonObject spec) => new()
    {
        ["apiVersion"] = InferenceService.Kind.ApiVersion,
        ["kind"] = kind,
        ["metadata"] = metadata,
        ["spec"] = spec,
    };

    static void Named(string name, List<Note> notes)
    {
        if (name.Length > 52 || !char.IsAsciiLetterLower(name[0]) || name.Contains('.', StringComparison.Ordinal))
            notes.Add(new Note(NoteKind.ToDo, "metadata.name", $"'{name}' must begin with a letter, have no dots and at most 52 characters: choose another name"));
    }
}
