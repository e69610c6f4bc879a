using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Tests.Model;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("500m", "0.5")]
    [InlineData("1.5", "1.5")]
    [InlineData("-3", "-3")]
    [InlineData(".5Gi", "536870912")]
    [InlineData("1Ki", "1024")]
    [InlineData("2M", "2000000")]
    [InlineData("1e3", "1000")]
    [InlineData("1E3", "1000")]
    [InlineData("1E", "1000000000000000000")]
    [InlineData("12E-1", "1.2")]
    [InlineData("100n", "0.0000001")]
    [InlineData("3Ei", "3458764513820540928")]
    public void Quantities_are_numbers_with_a_suffix(string text, string expected) =>
        new Quantity(text).ToDecimal().Should().Be(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("Gi")]
    [InlineData("1 Gi")]
    [InlineData("1GiB")]
    [InlineData("1mi")]
    [InlineData("79228162514264337593543950335Ei")]
    public void Anything_else_is_refused(string text) =>
        FluentActions.Invoking(() => new Quantity(text).ToDecimal()).Should().Throw<FormatException>().WithMessage($"'{text}'*");

    [Fact]
    public void A_quantity_may_arrive_as_a_number_and_keeps_its_text()
    {
        var read = JsonSerializer.Deserialize("""{"limits":{"cpu":2,"memory":"1Gi","x":0.5}}""", KubeJson.Default.ResourceRequirements)!;

        read.Limits.Should().BeEquivalentTo(new Dictionary<string, Quantity> { ["cpu"] = "2", ["memory"] = "1Gi", ["x"] = "0.5" });
        JsonSerializer.Serialize(read, KubeJson.Default.ResourceRequirements)
            .Should().Be("""{"limits":{"cpu":"2","memory":"1Gi","x":"0.5"}}""");
    }

    [Fact]
    public void An_int_or_string_keeps_its_kind()
    {
        const string json = """{"maxUnavailable":"25%","maxSurge":1}""";
        var read = JsonSerializer.Deserialize(json, KubeJson.Default.RollingUpdateDeployment)!;

        read.MaxUnavailable!.Value.Text.Should().Be("25%");
        read.MaxSurge.Should().Be((IntOrString)1);
        JsonSerializer.Serialize(read, KubeJson.Default.RollingUpdateDeployment).Should().Be(json);
    }
}
