namespace Sluice.EndToEnd;

/// <summary>The pages that newcomers read, and those who let them in, done from the top to the bottom: each command run, each YAML applied.</summary>
[Collection(Pages.Name)]
public sealed class StartPagesTests(PageCluster cluster)
{
    [Theory]
    [InlineData("quickstart.md", "is what the spec asks for", "DECIDED in attempt 2")]
    [InlineData("concepts.md", "deployment.apps/iris-", "BECAUSE")]
    [InlineData("migration.md", "iris: changed: spec.predictor.minReplicas", "iris-v2", "spec.server: each model has pods of its own", "loans: to do: spec.predictors[1]")]
    [InlineData("operations.md", "inferenceservice.sluice.dev/iris created")]
    [InlineData("security.md", "answers those who show a key", "\"label\":0")]
    public async Task Everything_on_the_page_works(string page, params string[] expected)
    {
        var blocks = await PageCluster.BlocksAsync(page);
        blocks.Should().HaveCountGreaterThan(2);
        var shell = await cluster.OpenAsync(Path.GetFileNameWithoutExtension(page));
        var said = new List<string>();

        foreach (var block in blocks)
            said.Add(await shell.DoAsync(block));

        foreach (var text in expected)
            string.Concat(said).Should().Contain(text);
    }
}
