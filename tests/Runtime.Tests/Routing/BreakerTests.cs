using Sluice.Runtime.Routing;
using Sluice.Support.Time;

namespace Sluice.Runtime.Tests.Routing;

public sealed class BreakerTests
{
    private readonly ManualTime time = new();
    private readonly Breaker breaker;

    public BreakerTests() => breaker = new Breaker(time);

    [Fact]
    public void Silences_in_a_row_close_the_way_and_an_answer_between_them_does_not()
    {
        for (var i = 0; i < 10 * Breaker.Silences; i++)
        {
            breaker.Allows().Should().BeTrue();
            if (i % Breaker.Silences == 0)
                breaker.Answered();
            else
                breaker.Silent();
        }
        breaker.Silent();
        breaker.Allows().Should().BeFalse();
    }

    [Fact]
    public void A_closed_way_lets_one_request_through_after_each_pause()
    {
        Close();
        for (var round = 0; round < 3; round++)
        {
            time.Advance(Breaker.Pause - TimeSpan.FromMilliseconds(1));
            breaker.Allows().Should().BeFalse();
            time.Advance(TimeSpan.FromMilliseconds(1));
            Enumerable.Range(0, 100).Count(_ => breaker.Allows()).Should().Be(1);
            breaker.Silent();
        }
    }

    [Fact]
    public void One_answer_opens_it_for_all()
    {
        Close();
        breaker.Answered();
        Enumerable.Range(0, 100).Should().OnlyContain(_ => breaker.Allows());
    }

    [Fact]
    public void Of_many_threads_one_gets_the_try()
    {
        Close();
        time.Advance(Breaker.Pause);
        var through = 0;
        Parallel.For(0, 1000, _ =>
        {
            if (breaker.Allows())
                Interlocked.Increment(ref through);
        });
        through.Should().Be(1);
    }

    private void Close()
    {
        for (var i = 0; i < Breaker.Silences; i++)
            breaker.Silent();
        breaker.Allows().Should().BeFalse();
    }
}
