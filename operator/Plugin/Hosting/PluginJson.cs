using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sluice.Plugin.Edits;
using Sluice.Plugin.Explain;
using Sluice.Plugin.Status;

namespace Sluice.Plugin.Hosting;

/// <summary>What <c>-o json</c> prints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(EditReport))]
[JsonSerializable(typeof(Why))]
[JsonSerializable(typeof(History))]
[JsonSerializable(typeof(Recorded))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class PluginJson : JsonSerializerContext
{
    /// <summary>Indented, and without escapes that no parser needs.</summary>
    public static string Text<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, Relaxed(type)) + "\n";

    static JsonTypeInfo<T> Relaxed<T>(JsonTypeInfo<T> type) => (JsonTypeInfo<T>)new PluginJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    }).GetTypeInfo(type.Type)!;
}
