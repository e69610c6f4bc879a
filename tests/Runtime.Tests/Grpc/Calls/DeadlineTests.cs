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
        deadline.Start(null, TimeProvider.System, client.Token);
        deadline.Token.Should().Be(client.Token);
    }

    [Fact]
    public void The_token_fires_when_the_timeout_is_over_and_not_before()
    {
        var time = new ManualTime();
        deadline.Start(TimeSpan.FromSeconds(2), time, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1.9));
        deadline.Token.IsCancellationRequested.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(0.1));
        deadline.Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public void The_token_fires_when_the_client_goes_before_the_timeout()
    {
        using var client = new CancellationTokenSource();
        deadline.Start(TimeSpan.FromHours(1), TimeProvider.System, client.Token);
        client.Cancel();
        deadline.Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public void A_timeout_of_nothing_is_over_at_once()
    {
        deadline.Start(TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        deadline.Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task A_call_that_ended_leaves_nothing_behind_for_the_next()
    {
        using var client = new CancellationTokenSource();
        for (var call = 0; call < 3; call++)
        {
            deadline.Start(TimeSpan.FromMilliseconds(1), TimeProvider.System, client.Token);
            var fired = deadline.Token;
            await Eventually.TrueAsync(() => fired.IsCancellationRequested, "the deadline");
            deadline.End();
            deadline.Start(TimeSpan.FromHours(1), TimeProvider.System, client.Token);
            deadline.Token.IsCancellationRequested.Should().BeFalse();
            deadline.End();
        }
        deadline.Start(TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None);
        client.Cancel();
        deadline.Token.IsCancellationRequested.Should().BeFalse("the client of an earlier call is nothing to this one");
        deadline.End();
    }
}
