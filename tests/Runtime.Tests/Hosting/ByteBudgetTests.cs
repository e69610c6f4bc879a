using Sluice.Runtime.Http;

namespace Sluice.Runtime.Tests.Hosting;

public sealed class ByteBudgetTests
{
    [Fact]
    public async Task Who_wants_more_than_is_free_waits_and_nobody_overtakes()
    {
        var budget = new ByteBudget(100);
        await budget.EnterAsync(60, default);
        var large = budget.EnterAsync(50, default).AsTask();
        var small = budget.EnterAsync(10, default).AsTask();
        (large.IsCompleted, small.IsCompleted).Should().Be((false, false));

        budget.Exit(60);

        await Task.WhenAll(large, small);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_nothing()
    {
        var budget = new ByteBudget(100);
        await budget.EnterAsync(100, default);
        using var gone = new CancellationTokenSource();
        var waiting = budget.EnterAsync(100, gone.Token).AsTask();
        await gone.CancelAsync();
        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();

        budget.Exit(100);

        await budget.EnterAsync(100, default);
    }
}
