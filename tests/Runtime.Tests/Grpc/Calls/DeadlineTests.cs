using Sluice.Runtime.Grpc.Calls;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Runtime.Tests.Grpc.Calls;

public sealed class DeadlineTests
{
    private readonly Deadline deadline = new();

    [Fact]
    public void Without_a_timeout_only_the_client_ends_the_call()
    {
        using var client = new CancellationTokenSource();
        deadline.Start(TimeProvider.System, client.Token);
        deadline.Token.Should().Be(client.Token);
        deadline.Timeout.Should().BeNull();
    }

    [Fact]
    public void The_token_fires_when_the_timeout_is_over_and_not_before()
    {
        var time = new ManualTime();
        Start(time, TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(1.9));
        deadline.Token.IsCancellationRequested.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(0.1));
        deadline.Token.IsCancellationRequested.Should().BeTrue();
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(5, 2)]
    public void The_shorter_of_two_timeouts_holds_from_the_beginning(int first, int second)
    {
        var time = new ManualTime();
        Start(time, TimeSpan.FromSeconds(first));
        time.Advance(TimeSpan.FromSeconds(1));
        deadline.Limit(TimeSpan.FromSeconds(second));
        deadline.Timeout.Should().Be(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(0.9));
        deadline.Token.IsCancellationRequested.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(0.1));
        deadline.Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public void A_timeout_that_is_over_when_it_becomes_known_fires_at_once()
    {
        var time = new ManualTime();
        deadline.Start(time, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(3));
        deadline.Limit(TimeSpan.FromSeconds(2));
        deadline.Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public void The_token_fires_when_the_client_goes_before_the_timeout()
    {
        using var client = new CancellationTokenSource();
        Start(TimeProvider.System, TimeSpan.FromHours(1), client.Token);
        client.Cancel();
        deadline.Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task A_call_that_ended_leaves_nothing_behind_for_the_next()
    {
        using var client = new CancellationTokenSource();
        for (var call = 0; call < 3; call++)
        {
            Start(TimeProvider.System, TimeSpan.FromMilliseconds(1), client.Token);
            var fired = deadline.Token;
            await Eventually.TrueAsync(() => fired.IsCancellationRequested, "the deadline");
            deadline.End();
            Start(TimeProvider.System, TimeSpan.FromHours(1), client.Token);
            deadline.Token.IsCancellationRequested.Should().BeFalse();
            deadline.End();
        }
        Start(TimeProvider.System, TimeSpan.FromHours(1));
        client.Cancel();
        deadline.Token.IsCancellationRequested.Should().BeFalse("the client of an earlier call is nothing to this one");
        deadline.End();
    }

    private void Start(TimeProvider time, TimeSpan timeout, CancellationToken client = default)
    {
        deadline.Start(time, client);
        deadline.Limit(timeout);
    }
}
