using System.Text.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Client;

/// <summary>Turns JSON into an object, or into a description of what is wrong with it.</summary>
internal static class ObjectReader
{
    public static (T? Item, BrokenObject? Broken) Read<T>(JsonElement json)
        where T : class, IKubeObject<T>
    {
        try
        {
            var item = json.Deserialize(T.JsonType);
            return string.IsNullOrEmpty(item?.Metadata?.Name)
                ? (null, Describe<T>(json, "metadata.name is missing"))
                : (item, null);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or FormatException or InvalidOperationException)
        {
            return (null, Describe<T>(json, e.Message));
        }
    }

    public static string? ResourceVersion(JsonElement json) => Text(Metadata(json), "resourceVersion");

    private static BrokenObject Describe<T>(JsonElement json, string error)
        where T : class, IKubeObject<T>
    {
        var metadata = Metadata(json);
        var key = new ObjectKey(Text(metadata, "namespace") ?? "", Text(metadata, "name") ?? "");
        return new BrokenObject(key, Text(metadata, "uid"), Text(metadata, "resourceVersion"),
            $"{T.Kind.Kind} {key} cannot be read: {error}");
    }

    private static JsonElement? Metadata(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("metadata", out var metadata)
        && metadata.ValueKind == JsonValueKind.Object
            ? metadata
            : null;

    private static string? Text(JsonElement? parent, string name) =>
        parent is { } p && p.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
