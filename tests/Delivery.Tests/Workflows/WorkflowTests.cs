using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Kubernetes.Json;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Workflows;

/// <summary>The workflows do what a person does by hand, and no more than they are allowed to.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Checkout.Path(".github", "workflows")).Select(static f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_target_that_is_made_exists(string file)
    {
        var targets = Targets().Matches(File.ReadAllText(Checkout.Path("Makefile"))).Select(static m => m.Groups[1].Value).ToHashSet();

        var made = Commands(file).SelectMany(static c => Makes().Matches(c)).Select(static m => m.Groups[1].Value).ToList();

        made.Should().NotBeEmpty();
        made.Should().OnlyContain(target => targets.Contains(target));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Rights_are_named_and_times_are_bounded(string file)
    {
        var workflow = Read(file);

        workflow["permissions"]!["contents"]!.ToString().Should().Be("read");
        workflow["jobs"]!.AsObject().Select(static j => j.Value!).Should().OnlyContain(static j => j["timeout-minutes"] != null);
    }

    [Fact]
    public void What_ci_installs_the_workflow_installs()
    {
        var wanted = Packages().Matches(File.ReadAllText(Checkout.Path(".ci", "run"))).Select(static m => m.Groups[1].Value).ToList();

        wanted.Should().Contain("libonnx-testdata");
        string.Join('\n', Commands("test.yaml")).Should().ContainAll(wanted);
    }

    static JsonObject Read(string file) => Yaml.Read(File.ReadAllText(Checkout.Path(".github", "workflows", file)))[0].AsObject();

    static IEnumerable<string> Commands(string file) => Read(file)["jobs"]!.AsObject()
        .SelectMany(static j => j.Value!["steps"]!.AsArray()).Select(static s => s!["run"]?.ToString()).OfType<string>();

    [GeneratedRegex(@"^([a-z-]+):(?!=)", RegexOptions.Multiline)]
    private static partial Regex Targets();

    [GeneratedRegex(@"(?<![\w-])make ([a-z-]+)")]
    private static partial Regex Makes();

    [GeneratedRegex(@"missing\+=\(([a-z0-9.-]+)\)")]
    private static partial Regex Packages();
}
