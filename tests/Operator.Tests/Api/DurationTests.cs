using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Operator.Api;

namespace Sluice.Operator.Tests.Api;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("0", 0)]
    public void It_is_read_as_people_write_it(string text, double milliseconds)
    {
        Duration.TryParse(text, out var duration).Should().BeTrue();
        duration.Value.TotalMilliseconds.Should().Be(milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("5m ")]
    [InlineData("5d")]
    [InlineData("1..5s")]
    [InlineData("999999999h")]
    public void Anything_else_is_refused(string text) => Duration.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void What_is_written_is_read_again() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), static milliseconds =>
        {
            var duration = new Duration(TimeSpan.FromMilliseconds(milliseconds));
            return Duration.TryParse(duration.ToString(), out var back) && back == duration && Regex.IsMatch(duration.ToString(), Duration.Pattern);
        }).QuickCheckThrowOnFailure();
}
