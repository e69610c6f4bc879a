using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Kubernetes.Client;

/// <summary>What a manifest must say so that one knows where to send it.</summary>
internal readonly record struct ManifestHead(string ApiVersion, string Kind, string? Namespace, string Name)
{
    /// <exception cref="FormatException">A member is missing or is not text; names it.</exception>
    public static ManifestHead Of(JsonObject manifest)
    {
        var metadata = manifest["metadata"] as JsonObject
            ?? throw new FormatException("A manifest needs an object called metadata.");
        return new ManifestHead(
            Text(manifest, "apiVersion", "") ?? throw Missing("apiVersion"),
            Text(manifest, "kind", "") ?? throw Missing("kind"),
            Text(metadata, "namespace", "metadata."),
            Text(metadata, "name", "metadata.") ?? throw Missing("metadata.name"));
    }

    private static string? Text(JsonObject parent, string name, string prefix) => parent[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw new FormatException($"{prefix}{name} of a manifest must be text."),
    };

    private static FormatException Missing(string path) => new($"A manifest needs {path}.");
}
