using System.CommandLine;
using System.Net;
using Sluice.Runtime.Commands;

namespace Sluice.Runtime.Tests.Hosting;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("5s", 5)]
    [InlineData("2m", 120)]
    [InlineData("0", 0)]
    [InlineData("1.5", 1.5)]
    [InlineData("1m30s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("48h", 172800)]
    public void Durations_are_read(string text, double seconds) =>
        Options.ParseDuration(text).TotalSeconds.Should().Be(seconds);

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5d")]
    [InlineData("5m-1s")]
    [InlineData("1s soon")]
    [InlineData("745h")]
    public void A_wrong_duration_is_told(string text) =>
        ((Action)(() => Options.ParseDuration(text))).Should().Throw<FormatException>().WithMessage("is not a duration*");

    [Theory]
    [InlineData("64Mi", 64L << 20)]
    [InlineData("2Gi", 2L << 30)]
    [InlineData("65536", 65536)]
    public void Sizes_are_read(string text, long bytes) => Options.ParseSize(text).Should().Be(bytes);

    [Fact]
    public void Addresses_are_read()
    {
        Options.ParseEndPoint("0.0.0.0:8080").Should().Be(new IPEndPoint(IPAddress.Any, 8080));
        Options.ParseEndPoint(":9000").Should().Be(new IPEndPoint(IPAddress.Any, 9000));
        Options.ParseEndPoint("localhost:0").Should().Be(new IPEndPoint(IPAddress.Loopback, 0));
        Options.ParseEndPoint("[::1]:1").Should().Be(new IPEndPoint(IPAddress.IPv6Loopback, 1));
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("host:80")]
    [InlineData("127.0.0.1:99999")]
    public void A_wrong_address_is_told(string text) =>
        ((Action)(() => Options.ParseEndPoint(text))).Should().Throw<FormatException>();

    [Theory]
    [InlineData("serve", "--model", "x", "--http", "nonsense")]
    [InlineData("serve", "--request-metrics", "perhaps")]
    [InlineData("serve", "--model")]
    [InlineData("serve", "--no-such-option", "1")]
    [InlineData("pull", "--max-bytes", "-1")]
    [InlineData("nothing")]
    public async Task A_wrong_command_line_ends_with_a_message_and_not_with_zero(params string[] arguments) =>
        (await CommandLine.RunAsync(arguments)).Should().NotBe(0);

    [Theory]
    [InlineData("on", true)]
    [InlineData("off", false)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void A_switch_is_set_by_a_word(string word, bool on)
    {
        var option = Options.Switch("--some-switch", "Anything.", OnOff.On);
        var command = new Command("x") { option };

        foreach (var line in (string[][])[["--some-switch", word], [$"--some-switch={word}"]])
        {
            var result = command.Parse(line);
            result.Errors.Should().BeEmpty();
            result.GetValue(option).Should().Be(on ? OnOff.On : OnOff.Off);
        }
    }
}
