using System.Text.Json.Nodes;
using Sluice.LocalCluster.Schema;
using Sluice.LocalCluster.Schema.Definitions;

namespace Sluice.LocalCluster.Tests.Schema;

/// <summary>
/// <c>recorded-definitions.json</c> holds definitions, right and wrong, and what a real kube-apiserver 1.36 said about each.
/// </summary>
public sealed class RecordedDefinitionsTests
{
    static readonly JsonArray Recorded = JsonNode.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Schema", "recorded-definitions.json")))!.AsArray();

    [Fact]
    public void Every_definition_is_judged_as_the_real_server_judges_it()
    {
        var differences = Recorded.Select(recorded => Difference(recorded!.AsObject())).OfType<string>();

        string.Concat(differences).Should().BeEmpty();
    }

    static string? Difference(JsonObject recorded)
    {
        var definition = recorded["definition"]!.AsObject();
        var expected = recorded["errors"]!.AsArray().Select(error => new FieldError((string)error![0]!, (string)error[1]!, (string)error[2]!));
        var real = Lines(expected);
        var ours = Lines(CrdValidation.Validate(WithDefaults(definition), old: null));
        return real == ours ? null : $"\n{definition["spec"]!["versions"]!.ToJsonString()}\n  real: {real}\n  ours: {ours}";
    }

    /// <summary>What the server fills in before it validates.</summary>
    static JsonObject WithDefaults(JsonObject definition)
    {
        var copy = definition.DeepClone().AsObject();
        if (copy["spec"]!["names"]!["kind"]!.ToString().Length == 0)
            copy["spec"]!["names"]!["listKind"] ??= "List";
        return copy;
    }

    static string Lines(IEnumerable<FieldError> errors) => string.Join("\n        ", errors
        .Where(error => !error.Message.Contains("estimated rule cost", StringComparison.Ordinal))
        .Select(error => $"{error.Field} {error.Type} {WithoutStructs(error.Message)}")
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>Where the real server prints a whole schema or list of versions as its Go structs, the words after it count.</summary>
    static string WithoutStructs(string message) =>
        message.StartsWith("Invalid value: {\"ID\":", StringComparison.Ordinal) || message.Contains("allowed at the root", StringComparison.Ordinal)
        || message.StartsWith("Invalid value: [{", StringComparison.Ordinal)
            ? message[(message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]
            : message;
}
