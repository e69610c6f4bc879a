using System.Text.RegularExpressions;
using Sluice.Integration.World;
using Sluice.Kubernetes.Json;
using Sluice.Support.Programs;

namespace Sluice.Integration.Scenarios;

/// <summary>What the server itself says of our CRDs, of the examples and of what is wrong.</summary>
[Collection(ClusterCollection.Name)]
public sealed partial class CrdTests(Cluster cluster)
{
    public static TheoryData<string> Examples => Files("examples");

    public static TheoryData<string> Invalid => Files("invalid");

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_is_accepted(string file)
    {
        await using var space = await cluster.SpaceAsync();

        foreach (var (path, document) in await DocumentsAsync("examples", file, space.Name))
        {
            var accepted = await space.Api.TryCreateAsync(path, document);
            accepted["metadata"]!["name"].Should().NotBeNull();
        }
    }

    [Theory]
    [InlineData("docs/monitoring.md")]
    [InlineData("config/samples/iris-drift.yaml")]
    public async Task What_people_copy_is_accepted(string file)
    {
        await using var space = await cluster.SpaceAsync();
        var text = await File.ReadAllTextAsync(Checkout.Path(file.Split('/')));

        // A page also shows parts of objects.
        var documents = (file.EndsWith(".md", StringComparison.Ordinal) ? YamlBlock().Matches(text).Select(static m => m.Groups["text"].Value) : [text])
            .SelectMany(static block => Yaml.Read(block)).Where(static d => d["kind"] is not null).ToArray();
        documents.Should().NotBeEmpty();
        foreach (var document in documents)
            (await space.Api.TryCreateAsync(Plural.Path(Plural.OfKind((string)document["kind"]!), space.Name), document.ToJsonString()))["metadata"]!["name"].Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Every_invalid_file_draws_its_message(string file)
    {
        await using var space = await cluster.SpaceAsync();
        var expected = (await File.ReadAllLinesAsync(Checkout.Path("crds", "invalid", file)))
            .Where(line => line.StartsWith("# expect: ", StringComparison.Ordinal))
            .Select(line => line["# expect: ".Length..]).ToList();
        expected.Should().NotBeEmpty("a file in crds/invalid says what it must draw");

        var replies = new List<string>();
        foreach (var (path, document) in await DocumentsAsync("invalid", file, space.Name))
        {
            try
            {
                await space.Api.TryCreateAsync(path, document);
            }
            catch (ApiAnswer refused)
            {
                replies.Add(refused.Reply);
            }
        }

        replies.Should().NotBeEmpty("the server must refuse it");
        foreach (var message in expected) string.Join('\n', replies).Should().Contain(message);
    }

    [Fact]
    public async Task The_spec_of_a_model_version_cannot_change()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("fixed", "iris/1/model.onnx");

        var change = () => space.ModelVersionAsync("fixed", "iris/2/model.onnx");

        (await change.Should().ThrowAsync<ApiAnswer>()).Which.Reply.Should().Contain("immutable");
    }

    static TheoryData<string> Files(string folder)
    {
        var data = new TheoryData<string>();
        foreach (var file in Directory.EnumerateFiles(Checkout.Path("crds", folder), "*.yaml").Order(StringComparer.Ordinal))
            data.Add(Path.GetFileName(file));
        return data;
    }

    static async Task<IReadOnlyList<(string Path, string Json)>> DocumentsAsync(string folder, string file, string space)
    {
        var text = await File.ReadAllTextAsync(Checkout.Path("crds", folder, file));
        return [.. Yaml.Read(text).Select(document => (Plural.Path(Plural.OfKind((string)document["kind"]!), space), document.ToJsonString()))];
    }

    [GeneratedRegex("^```yaml\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex YamlBlock();
}
