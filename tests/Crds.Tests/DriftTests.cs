using Sluice.Support.Programs;

namespace Sluice.Crds.Tests;

/// <summary>The YAML in crds/ is what the C# types say now, and small enough for every tool.</summary>
public sealed class DriftTests
{
    const int Limit = 100_000;

    [Fact]
    public async Task The_definitions_are_those_of_the_types()
    {
        var generator = Path.Combine(AppContext.BaseDirectory, "sluice-crds.dll");

        var (code, output) = await RunningProgram.RunAsync("dotnet", [generator, "check", Checkout.Root]);

        code.Should().Be(0, $"'make crds' writes them anew:\n{output}");
    }

    [Theory]
    [InlineData("inferenceservices.yaml")]
    [InlineData("modelversions.yaml")]
    public void A_definition_stays_under_100_KB(string file) =>
        new FileInfo(Checkout.Path("crds", file)).Length.Should().BeLessThan(Limit);

    [Fact]
    public void Every_invalid_file_says_what_it_must_draw()
    {
        foreach (var file in Directory.EnumerateFiles(Checkout.Path("crds", "invalid"), "*.yaml"))
            File.ReadLines(file).First().Should().StartWith("# expect: ", file);
    }
}
