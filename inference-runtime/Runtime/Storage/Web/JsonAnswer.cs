using System.Text.Json;

namespace Sluice.Runtime.Storage.Web;

/// <summary>JSON that a storage answers with: read for what is needed, whatever else it holds.</summary>
internal static class JsonAnswer
{
    /// <param name="json">The whole document.</param>
    /// <param name="what">For a message: "the listing of …".</param>
    /// <param name="read">Takes what it wants; all of it, before it returns.</param>
    /// <exception cref="TransientException">It is no JSON, or not of this shape.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, string what, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new TransientException($"{what} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A text, or a number as text, somewhere within objects; null when it is not there.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }
        return element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.GetRawText(),
            _ => null,
        };
    }

    /// <summary>The elements of an array of an object; none when it is not there.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : [];

    /// <summary>A text of a document that may be no JSON at all, such as the body of a refusal.</summary>
    public static string? TextOf(string body, params ReadOnlySpan<string> path)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Text(path);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
