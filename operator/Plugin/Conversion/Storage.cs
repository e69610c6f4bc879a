using System.Text.Json.Nodes;
using Sluice.Contract;

namespace Sluice.Plugin.Conversion;

/// <summary>Where a model lies, in the words of both.</summary>
internal static class Storage
{
    /// <summary>Stands where an address must be written by hand; it is refused by whoever tries to fetch it.</summary>
    const string Placeholder = "https://example.invalid/write-the-address-of-the-model-here/model.onnx";

    /// <summary>All that is fetched here but what KServe does not know, or means otherwise.</summary>
    static readonly string[] Same = [.. StorageSchemes.Supported.Where(static s => s is not ("file" or "models" or "runs")).Select(StorageSchemes.StartOf)];

    public static string Uri(Source source, string[] at, List<Note> notes)
    {
        var path = string.Join('.', at);
        if (source.Text([.. at, "storageUri"]) is { } uri)
            return Translated(uri, $"{path}.storageUri", notes);
        if (source.Has([.. at, "storage"]))
            return ByKey(source, at, $"{path}.storage", notes);
        notes.Add(new Note(NoteKind.ToDo, $"{path}.storageUri", "is missing; write where the model lies into storageUri of the ModelVersion"));
        return Placeholder;
    }

    /// <summary>An address of theirs as one of ours.</summary>
    public static string Translated(string uri, string path, List<Note> notes)
    {
        const string fetched = "oci+fetch://";
        if (uri.StartsWith(fetched, StringComparison.Ordinal))
        {
            notes.Add(new Note(NoteKind.Changed, path, "an OCI artifact that the init container fetches is written oci:// here"));
            return $"oci://{uri[fetched.Length..]}";
        }

        if (uri.StartsWith("file://", StringComparison.Ordinal))
            notes.Add(new Note(NoteKind.ToDo, path, "is a path inside of their image; put the model into a storage that pods can fetch from"));
        else if (!Array.Exists(Same, s => uri.StartsWith(s, StringComparison.Ordinal)))
        {
            notes.Add(new Note(NoteKind.ToDo, path, $"'{uri}' cannot be fetched from; copy the model to one of {string.Join(", ", Same)}"));
            return Placeholder;
        }

        if (!uri.StartsWith("http", StringComparison.Ordinal) && !uri.EndsWith(".onnx", StringComparison.Ordinal))
            notes.Add(new Note(NoteKind.Changed, path, "may be a folder that holds exactly one .onnx file; name the file where there are several"));
        return uri;
    }

    /// <summary>KServe's one Secret with many stores.</summary>
    static string ByKey(Source source, string[] at, string path, List<Note> notes)
    {
        var key = source.Text([.. at, "storage", "key"]);
        var file = source.Text([.. at, "storage", "path"])?.TrimStart('/');
        var parameters = source.Take([.. at, "storage", "parameters"]) as JsonObject;
        source.Take([.. at, "storage", "schemaPath"]);
        if ((string?)parameters?["type"] is "s3" && (string?)parameters["bucket"] is { } bucket && file is not null)
        {
            notes.Add(new Note(NoteKind.ToDo, path, $"KServe's Secret storage-config (key {key ?? "default"}) is not read: make a Secret for this store and name it in credentials of the ModelVersion"));
            return $"s3://{bucket}/{file}";
        }

        notes.Add(new Note(NoteKind.ToDo, path, $"KServe's Secret storage-config (key {key ?? "default"}) says where '{file}' lies: write the whole address into storageUri of the ModelVersion, and a Secret into its credentials"));
        return Placeholder;
    }
}
