using Sluice.Support;

namespace Sluice.Operator.Tests.Faults;

/// <summary>
/// One story, a first version and then a second one, with every write of it going wrong in every way: the end is the
/// same, and users of a service that serves never lose it.
/// </summary>
public sealed class ConvergenceTests
{
    [Fact]
    public async Task Whatever_write_the_operator_dies_at_the_next_one_finishes_the_work()
    {
        var (world, writes) = await StoryAsync(static _ => Fault.None, restart: false);

        await EachAsync(writes, async at => (await StoryAsync(n => n >= at ? Fault.Dead : Fault.None, restart: true)).World.Should().Be(world, $"it died at write {at}"));
    }

    [Theory]
    [InlineData(nameof(Fault.Fail))]
    [InlineData(nameof(Fault.Conflict))]
    [InlineData(nameof(Fault.LoseAnswer))]
    public async Task A_write_that_goes_wrong_is_made_good(string kind)
    {
        var fault = Enum.Parse<Fault>(kind);
        var (world, writes) = await StoryAsync(static _ => Fault.None, restart: false);

        await EachAsync(writes, async at => (await StoryAsync(n => n == at ? fault : Fault.None, restart: false)).World.Should().Be(world, $"{fault} at write {at}"));
    }

    /// <param name="faults">What goes wrong.</param>
    /// <param name="restart">Whether another operator takes over once the first has died.</param>
    static async Task<(string World, int Writes)> StoryAsync(Func<int, Fault> faults, bool restart)
    {
        await using var shop = await Shop.OpenAsync();
        shop.Api.Faults = faults;
        var first = new RunningOperator(shop.Api.Address);
        RunningOperator? second = null;
        try
        {
            var story = TellAsync(shop);
            if (restart)
            {
                await Task.WhenAny(story, Eventually.TrueAsync(() => faults(shop.Api.Writes) == Fault.Dead, "the operator dies"));
                await first.DisposeAsync();
                shop.Api.Faults = static _ => Fault.None;
                second = new RunningOperator(shop.Api.Address);
            }

            await story;
            return (shop.World(), shop.Api.Writes);
        }
        finally
        {
            await first.DisposeAsync();
            if (second is not null)
                await second.DisposeAsync();
        }
    }

    static async Task TellAsync(Shop shop)
    {
        shop.Apply("iris-1", "minReplicas: 2, maxReplicas: 4");
        await shop.UntilServesAsync("iris-1");
        shop.Apply("iris-2", "minReplicas: 2, maxReplicas: 4");
        await shop.UntilServesAsync("iris-2");
    }

    static Task EachAsync(int writes, Func<int, Task> check) => Parallel.ForEachAsync(
        Enumerable.Range(1, writes), new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (at, _) => await check(at));
}
