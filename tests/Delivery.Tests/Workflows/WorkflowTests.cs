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

    [Fact]
    public void A_release_has_images_of_each_architecture_that_is_joined_and_comes_after_the_tests()
    {
        var jobs = Read("release.yaml")["jobs"]!;
        var built = jobs["images"]!["strategy"]!["matrix"]!["include"]!.AsArray().ToDictionary(static m => m!["arch"]!.ToString(), static m => m!["runner"]!.ToString());

        built.Keys.Should().Equal(Architectures().Match(File.ReadAllText(Checkout.Path("Makefile"))).Groups[1].Value.Split(' '));
        built["arm64"].Should().EndWith("-arm", "the libraries in an image are those of the machine that builds it");
        (jobs["images"]!["needs"]!.ToString(), jobs["publish"]!["needs"]!.ToString()).Should().Be(("test", "images"));
    }

    [Fact]
    public void The_integration_suite_gets_the_cluster_and_the_image_that_were_made_for_it()
    {
        var commands = Commands("integration.yaml").ToList();

        commands.Should().Contain(static c => c.Contains("make image-test TAG=test", StringComparison.Ordinal))
            .And.Contain(static c => c.Contains("docker save sluice-runtime-test:test", StringComparison.Ordinal));
        var suite = Read("integration.yaml")["jobs"]!["k3s"]!["steps"]!.AsArray().Single(static s => s!["run"]?.ToString() == "make integration")!["env"]!.AsObject();
        suite.Select(static e => e.Key).Should().OnlyContain(name =>
            File.ReadAllText(Checkout.Path("tests", "Integration", "World", "TestEnvironment.cs")).Contains($"\"{name}\"", StringComparison.Ordinal));
        suite["SLUICE_RUNTIME_IMAGE"]!.ToString().Should().EndWith("sluice-runtime-test:test");
    }

    static JsonObject Read(string file) => Yaml.Read(File.ReadAllText(Checkout.Path(".github", "workflows", file)))[0].AsObject();

    static IEnumerable<string> Commands(string file) => Read(file)["jobs"]!.AsObject()
        .SelectMany(static j => j.Value!["steps"]!.AsArray()).Select(static s => s!["run"]?.ToString()).OfType<string>();

    [GeneratedRegex(@"^([a-z-]+):(?!=)", RegexOptions.Multiline)]
    private static partial Regex Targets();

    [GeneratedRegex(@"(?<![\w-])make ([a-z-]+)")]
    private static partial Regex Makes();

    [GeneratedRegex(@"^ARCHITECTURES := (.+)$", RegexOptions.Multiline)]
    private static partial Regex Architectures();

    [GeneratedRegex(@"missing\+=\(([a-z0-9.-]+)\)")]
    private static partial Regex Packages();
}
