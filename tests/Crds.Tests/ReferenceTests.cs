using System.Text.Json.Nodes;
using Sluice.Support.Programs;

namespace Sluice.Crds.Tests;

/// <summary>The pages in docs/reference say of each field in a definition what it is.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData("inferenceservice")]
    [InlineData("modelversion")]
    public void Every_field_has_a_row_with_a_meaning(string kind)
    {
        var rows = Rows(File.ReadAllLines(Checkout.Path("docs", "reference", $"{kind}.md")));
        var schema = Kubernetes.Json.Yaml.Read(File.ReadAllText(Checkout.Path("crds", $"{kind}s.yaml")))[0]["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!;

        var fields = new[] { "spec", "status" }.SelectMany(part => Fields(part, schema[part]!.AsObject())).ToList();

        fields.Should().HaveCountGreaterThan(30);
        rows.Keys.Should().BeEquivalentTo(fields);
        rows.Should().OnlyContain(static row => row.Value.Length > 5, "what a field means is said by its doc comment");
    }

    /// <summary>The last cell of each row, by section and field.</summary>
    static Dictionary<string, string> Rows(IEnumerable<string> lines)
    {
        var (section, rows) = ("", new Dictionary<string, string>());
        foreach (var line in lines)
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                section = line[3..];
            else if (line.StartsWith("| `", StringComparison.Ordinal))
                rows.Add($"{section}.{line.Split('`')[1]}", line.Split(" | ")[^1].TrimEnd('|', ' '));
        }

        return rows;
    }

    static IEnumerable<string> Fields(string path, JsonObject schema)
    {
        foreach (var (name, node) in schema["properties"]?.AsObject() ?? [])
        {
            var field = node!.AsObject();
            yield return $"{path}.{name}";
            foreach (var (suffix, inner) in new[] { ("", field), ("[]", field["items"] as JsonObject), (".*", field["additionalProperties"] as JsonObject) })
            {
                foreach (var below in inner is null ? [] : Fields($"{path}.{name}{suffix}", inner))
                    yield return below;
            }
        }
    }
}
