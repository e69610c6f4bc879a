using System.Text.RegularExpressions;
using Sluice.Runtime.Commands;
using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Batch;

/// <summary>docs/batch.md and the sample say what the command takes.</summary>
public sealed partial class BatchPageTests
{
    private static readonly string Page = File.ReadAllText(Checkout.Path("docs", "batch.md"));

    [Fact]
    public void Options_on_the_page_are_those_that_there_are()
    {
        var batch = BatchCommand.Create();

        OptionRow().Matches(Page).Select(static m => m.Groups["name"].Value).Should().Equal(batch.Options.Select(static o => o.Name));
        batch.Parse(Start().Match(Page).Groups["options"].Value).Errors.Should().BeEmpty();
    }

    [Fact]
    public void The_sample_runs_with_options_that_there_are()
    {
        var sample = File.ReadAllText(Checkout.Path("config", "samples", "batch.yaml"));

        var arguments = Argument().Matches(sample).Select(static m => m.Value).ToList();

        arguments.Should().HaveCountGreaterThan(3);
        BatchCommand.Create().Parse(arguments).Errors.Should().BeEmpty();
    }

    [GeneratedRegex(@"^\| `(?<name>--[a-z0-9-]+) ", RegexOptions.Multiline)]
    private static partial Regex OptionRow();

    [GeneratedRegex(@"^sluice-runtime batch (?<options>.*)$", RegexOptions.Multiline)]
    private static partial Regex Start();

    [GeneratedRegex("(?<=- )--[a-z]+=.*$", RegexOptions.Multiline)]
    private static partial Regex Argument();
}
