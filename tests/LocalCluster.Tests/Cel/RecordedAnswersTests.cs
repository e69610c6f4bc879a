using System.Text.Json.Nodes;
using Sluice.LocalCluster.Cel;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Tests.Cel;

/// <summary>
/// <c>recorded.json</c> holds what the libraries of a real kube-apiserver 1.36 answered: type, value, error or the compiler's
/// report, for each expression over one object.
/// </summary>
public sealed class RecordedAnswersTests
{
    static readonly JsonObject Recorded = JsonNode.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Cel", "recorded.json")))!.AsObject();

    static readonly SchemaNode Schema = SchemaReader.Read(System.Text.Json.JsonSerializer.Deserialize(
        Recorded["schema"]!.ToJsonString(), TestJson.Default.JsonElement));

    [Fact]
    public void Every_expression_is_answered_as_the_real_server_answers_it()
    {
        var differences = Recorded["cases"]!.AsArray().Select(c => Difference(c!.AsObject())).OfType<string>();

        string.Concat(differences).Should().BeEmpty();
    }

    static string? Difference(JsonObject recorded)
    {
        var rule = (string)recorded["rule"]!;
        var expected = new Answer(recorded);
        var actual = Ask(rule);
        return expected.Matches(actual) ? null : $"\n{rule}\n  real: {expected}\n  ours: {actual}";
    }

    static Answer Ask(string rule)
    {
        var self = SchemaTypes.Of(Schema, isResource: false)!;
        var program = CelProgram.Compile(rule, self, optionalOldSelf: false, out var error);
        if (program is null)
            return Refused(error);
        var value = program.Evaluate(ObjectValues.Of(Recorded["self"], Schema), ObjectValues.Of(Recorded["oldSelf"], Schema));
        return value is CelError failure
            ? new Answer(null, program.Type.ToString(), null, failure.Message)
            : new Answer(null, program.Type.ToString(), Shown.Of(value), null);
    }

    /// <summary>The recorder saw the compiler and the making of the program apart; the API server joins them with a prefix.</summary>
    static Answer Refused(string error)
    {
        const string Compiler = "compilation failed: ";
        const string Program = "program instantiation failed: ";
        return error.StartsWith(Compiler, StringComparison.Ordinal)
            ? new Answer(error[Compiler.Length..], null, null, null)
            : new Answer(null, null, null, "program: " + error[Program.Length..]);
    }

    sealed record Answer(string? Compile, string? Type, string? Value, string? Error)
    {
        public Answer(JsonObject recorded)
            : this((string?)recorded["compile"], (string?)recorded["type"], (string?)recorded["value"], (string?)recorded["error"])
        {
        }

        /// <summary>Of a mistake in the grammar the place counts: the real parser goes on and guesses what was meant.</summary>
        public bool Matches(Answer other) => Compile is not null && Compile.Contains(": Syntax error", StringComparison.Ordinal)
            ? other.Compile is not null && other.Compile.Contains("Syntax error", StringComparison.Ordinal)
            : (Error is { } error && error.StartsWith("program: ", StringComparison.Ordinal) ? this with { Type = null } : this) == other;
    }
}
