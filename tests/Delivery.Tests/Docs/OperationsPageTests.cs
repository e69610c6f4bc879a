using System.Text.RegularExpressions;
using Sluice.Delivery.Tests.Chart;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Docs;

/// <summary>What docs/operations.md does to an installation, with the real helm and kubectl; its other commands are run by EndToEnd.</summary>
public sealed partial class OperationsPageTests
{
    [Fact]
    public async Task Every_command_after_a_dollar_works_in_its_turn()
    {
        var commands = Consoles().Matches(await File.ReadAllTextAsync(Checkout.Path("docs", "operations.md")))
            .SelectMany(static block => Commands().Matches(block.Value)).Select(static c => c.Groups["command"].Value).ToList();
        commands.Should().HaveCountGreaterThan(10);
        await using var cluster = await OperatorCluster.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(cluster.Folder, "values.yaml"), OperatorCluster.Values);
        var said = new List<string>();

        foreach (var command in commands)
            said.Add(await cluster.ShellAsync(command));

        said[commands.FindIndex(static c => c.StartsWith("helm history", StringComparison.Ordinal))].Should().Contain("deployed");
        (await cluster.KubectlAsync("get", "customresourcedefinitions,clusterroles,namespaces", "-o", "name")).Should().NotContain("sluice");
    }

    [GeneratedRegex("^```console\n.*?^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Consoles();

    /// <summary>With the lines that go on after a backslash.</summary>
    [GeneratedRegex(@"^\$ (?<command>(.*\\\n)*.*)$", RegexOptions.Multiline)]
    private static partial Regex Commands();
}
