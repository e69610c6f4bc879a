using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Support.Programs;

namespace Sluice.EndToEnd;

/// <summary>`make demo DEMO=once`, as a newcomer runs it once everything is published.</summary>
public sealed partial class DemoTests
{
    [Fact]
    public async Task The_demo_ends_with_an_accuracy_above_nine_tenths()
    {
        var (code, output) = await RunningProgram.RunAsync(
            Checkout.Published("sluice-local"), ["demo", "--once"], limit: TimeSpan.FromMinutes(5));

        code.Should().Be(0, output);
        var accuracy = Accuracy().Match(output);
        accuracy.Success.Should().BeTrue(output);
        double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture).Should().BeGreaterThan(0.9);
        output.Should().Contain("export KUBECONFIG=").And.Contain("kubectl get");
        Support.Measuring.Measured.Report("demo accuracy on iris.csv", accuracy.Groups[1].Value);
    }

    [Fact]
    public async Task A_demo_outside_of_a_checkout_says_what_it_misses()
    {
        var (code, output) = await RunningProgram.RunAsync(
            Checkout.Published("sluice-local"), ["demo", "--once", "--root", Path.GetTempPath()]);

        code.Should().Be(1);
        output.Should().Contain("iris.yaml is missing").And.Contain("--root");
    }

    [GeneratedRegex(@"accuracy (\d\.\d+)")]
    private static partial Regex Accuracy();
}
