using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Tests.Model;

public sealed class TimeTests
{
    [Theory]
    [InlineData("2026-01-02T03:04:05Z", 0)]
    [InlineData("2026-01-02T03:04:05.1Z", 1_000_000)]
    [InlineData("2026-01-02T03:04:05.123456Z", 1_234_560)]
    [InlineData("2026-01-02T03:04:05.123456789Z", 1_234_567)]
    [InlineData("2026-01-02T05:04:05+02:00", 0)]
    [InlineData("2026-01-02t03:04:05z", 0)]
    public void Times_are_read_with_up_to_nine_decimals(string text, long ticks) =>
        Rfc3339.Parse(text).Should().Be(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(ticks));

    [Theory]
    [InlineData("2026-01-02")]
    [InlineData("2026-01-02T03:04:05")]
    [InlineData("2026-13-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.1234567890Z")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_refused_with_an_example(string? text) =>
        FluentActions.Invoking(() => Rfc3339.Parse(text)).Should().Throw<JsonException>().WithMessage("*2026-01-31T12:00:00Z*");

    [Fact]
    public void Time_is_written_to_the_second_and_micro_time_with_six_decimals()
    {
        var time = new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)).AddTicks(1_234_567);
        var pod = new Pod { Metadata = new ObjectMeta { CreationTimestamp = time } };
        var lease = new Lease { Metadata = new ObjectMeta(), Spec = new LeaseSpec { RenewTime = time.AddTicks(-1_234_567) } };

        JsonSerializer.Serialize(pod, KubeJson.Default.Pod).Should().Contain("\"2026-01-02T03:04:05Z\"");
        JsonSerializer.Serialize(lease, KubeJson.Default.Lease).Should().Contain("\"2026-01-02T03:04:05.000000Z\"");
    }
}
