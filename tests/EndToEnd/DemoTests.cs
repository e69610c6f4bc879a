using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Support.Programs;

namespace Sluice.EndToEnd;

/// <summary>`make demo DEMO=once`, as a newcomer runs it once everything is published.</summary>
public sealed partial class DemoTests
{
    [Fact]
    public async Task The_demo_brings_in_a_better_version_step_by_step_and_no_user_notices()
    {
        var (code, output) = await RunningProgram.RunAsync(
            Checkout.Published("sluice-local"), ["demo", "--once"], limit: TimeSpan.FromMinutes(5));

        code.Should().Be(0, output);
        var accuracies = Accuracy().Matches(output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        accuracies.Should().HaveCount(3, output);
        accuracies[0].Should().BeLessThan(0.8, "iris-1 is weak");
        accuracies[1..].Should().OnlyContain(a => a > 0.9, output);
        foreach (var (stage, share) in ((string, string)[])[("Shadowing", "0 %"), ("Analyzing", "10 %"), ("AwaitingApproval", "50 %"), ("RollingBack", "0 %")])
            Regex.IsMatch(output, $@"{stage}\s+step \d\s+{share}").Should().BeTrue($"{stage} at {share} in\n{output}");
        output.Should().MatchRegex("[1-9][0-9]* requests of users meanwhile, 0 failed");
        output.Should().Contain("rollout.approve to digest").And.Contain("rollout.abort names its digest");
        output.Should().MatchRegex(@"s3rver on http://\S+ holds the bucket", "'make tools' has installed it");
        output.Should().MatchRegex("iris-2-s3 from s3://models/iris/2/model.onnx is sha256:[0-9a-f]{64}");
        output.Should().MatchRegex(@"answered meanwhile: .*iris-2-s3 [1-9]", "users are answered by the version that came from there");
        output.Should().MatchRegex(@"Moved from the baseline: input\[\d\] \w+ [01]\S* \(threshold 0\.\d+\)", "the flowers are larger now");
        output.Should().MatchRegex(@"Job iris-watched-drift-\w+ was started");
        output.Should().Contain("export KUBECONFIG=").And.Contain("kubectl get");
        Support.Measuring.Measured.Report("demo accuracy on iris.csv, before and after", $"{accuracies[0]}, {accuracies[^1]}");
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
