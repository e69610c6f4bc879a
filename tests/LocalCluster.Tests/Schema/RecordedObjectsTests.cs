using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Tests.Schema;

/// <summary>
/// <c>recorded-objects.json</c> holds one schema with every kind of limit, objects that were created or updated under it, and
/// what a real kube-apiserver 1.36 made of them: the object as it would be stored, or the errors.
/// </summary>
public sealed class RecordedObjectsTests
{
    static readonly JsonObject Recorded = JsonNode.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Schema", "recorded-objects.json")))!.AsObject();

    static readonly StructuralSchema Schema = StructuralSchema.Parse(
        JsonSerializer.Deserialize(Recorded["schema"]!.ToJsonString(), TestJson.Default.JsonElement));

    [Fact]
    public void Every_object_is_pruned_defaulted_and_judged_as_by_the_real_server()
    {
        var differences = Recorded["cases"]!.AsArray().Select(recorded => Difference(recorded!.AsObject())).OfType<string>();

        string.Concat(differences).Should().BeEmpty();
    }

    static string? Difference(JsonObject recorded)
    {
        var sent = Named(recorded["object"]!);
        var stored = Schema.Default(Schema.Prune(sent));
        var errors = Schema.Validate(stored, recorded["old"] is { } old ? Named(old) : null);
        stored.Remove("metadata");
        var ours = errors.Count > 0 ? Lines(errors) : stored.ToJsonString();
        var real = recorded["errors"] is JsonArray expected
            ? Lines(expected.Select(error => new FieldError((string)error![0]!, (string)error[1]!, (string)error[2]!)))
            : recorded["result"]!.ToJsonString();
        return real == ours || (errors.Count == 0 && JsonNode.DeepEquals(recorded["result"], stored))
            ? null
            : $"\n{recorded["old"]?["spec"]?.ToJsonString()} {recorded["object"]!["spec"]?.ToJsonString()}\n  real: {real}\n  ours: {ours}";
    }

    static JsonObject Named(JsonNode obj)
    {
        var copy = obj.DeepClone().AsObject();
        copy["metadata"] ??= new JsonObject { ["name"] = "x" };
        return copy;
    }

    static string Lines(IEnumerable<FieldError> errors) => string.Join("\n        ", errors
        .Select(error => $"{error.Field} {error.Type} {error.Message}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
