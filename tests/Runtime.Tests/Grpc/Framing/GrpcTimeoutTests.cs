using Sluice.Runtime.Grpc.Framing;

namespace Sluice.Runtime.Tests.Grpc.Framing;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("250m", 250)]
    [InlineData("1500u", 1.5)]
    [InlineData("100n", 0.0001)]
    [InlineData("0n", 0)]
    [InlineData("00000001S", 1_000)]
    public void Every_unit_is_read(string text, double milliseconds)
    {
        GrpcTimeout.TryRead(text, out var timeout).Should().BeTrue();
        timeout.TotalMilliseconds.Should().Be(milliseconds);
    }

    [Fact]
    public void A_nanosecond_is_not_rounded_to_a_deadline_that_is_over()
    {
        GrpcTimeout.TryRead("1n", out var timeout).Should().BeTrue();
        timeout.Should().BePositive();
    }

    [Fact]
    public void The_longest_timeout_fits_a_timer()
    {
        GrpcTimeout.TryRead("99999999H", out var timeout).Should().BeTrue();
        timeout.TotalMilliseconds.Should().Be(int.MaxValue);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData(" 1S")]
    [InlineData("123456789S")]
    [InlineData("1SS")]
    public void Anything_else_is_no_timeout(string text) => GrpcTimeout.TryRead(text, out _).Should().BeFalse();

    [Theory]
    [InlineData(0.001, "1u")]
    [InlineData(2500, "2500000u")]
    [InlineData(99_999.999, "99999999u")]
    [InlineData(100_000, "100000m")]
    [InlineData(1e12, "99999999m")]
    public void What_is_written_is_what_is_read(double milliseconds, string text)
    {
        GrpcTimeout.Write(TimeSpan.FromMilliseconds(milliseconds)).Should().Be(text);
        GrpcTimeout.TryRead(text, out _).Should().BeTrue();
    }
}
