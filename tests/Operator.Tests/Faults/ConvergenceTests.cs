using Sluice.Support;

namespace Sluice.Operator.Tests.Faults;

/// <summary>
/// One story, a first version and then a second one, with every write of it going wrong in every way: the end is the
/// same, and users of a service that serves never lose it.
/// </summary>
public sealed class ConvergenceTests
{
    const string Immediate = "{}";
    const string Canary = "{strategy: Canary, steps: [{weight: 10}, {weight: 50}], gates: [], soak: 200ms}";

    [Theory]
    [InlineData(Immediate)]
    [InlineData(Canary)]
    public async Task Whatever_write_the_operator_dies_at_the_next_one_finishes_the_work(string rollout)
    {
        var (world, writes) = await StoryAsync(rollout, static _ => Fault.None, restart: false);

        await EachAsync(writes, async at =>
            (await StoryAsync(rollout, n => n >= at ? Fault.Dead : Fault.None, restart: true)).World.Should().Be(world, $"it died at write {at}"));
    }

    [Theory]
    [InlineData(nameof(Fault.Fail), Immediate)]
    [InlineData(nameof(Fault.Conflict), Immediate)]
    [InlineData(nameof(Fault.LoseAnswer), Immediate)]
    [InlineData(nameof(Fault.Fail), Canary)]
    [InlineData(nameof(Fault.Conflict), Canary)]
    [InlineData(nameof(Fault.LoseAnswer), Canary)]
    public async Task A_write_that_goes_wrong_is_made_good(string kind, string rollout)
    {
        var fault = Enum.Parse<Fault>(kind);
        var (world, writes) = await StoryAsync(rollout, static _ => Fault.None, restart: false);

        await EachAsync(writes, async at =>
            (await StoryAsync(rollout, n => n == at ? fault : Fault.None, restart: false)).World.Should().Be(world, $"{fault} at write {at}"));
    }

    /// <param name="rollout">How the second version takes over.</param>
    /// <param name="faults">What goes wrong.</param>
    /// <param name="restart">Whether another operator takes over once the first has died.</param>
    static async Task<(string World, int Writes)> StoryAsync(string rollout, Func<int, Fault> faults, bool restart)
    {
        await using var shop = await Shop.OpenAsync();
        shop.Api.Faults = faults;
        var first = new RunningOperator(shop);
        RunningOperator? second = null;
        try
        {
            var story = TellAsync(shop, rollout);
            if (restart)
            {
                await Task.WhenAny(story, Eventually.TrueAsync(() => faults(shop.Api.Writes) == Fault.Dead, "the operator dies"));
                await first.DisposeAsync();
                shop.Api.Faults = static _ => Fault.None;
                second = new RunningOperator(shop);
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

    static async Task TellAsync(Shop shop, string rollout)
    {
        shop.Apply("iris-1", "minReplicas: 2, maxReplicas: 4", rollout: rollout);
        await shop.UntilServesAsync("iris-1");
        shop.Apply("iris-2", "minReplicas: 2, maxReplicas: 4", rollout: rollout);
        await shop.UntilServesAsync("iris-2");
    }

    static Task EachAsync(int writes, Func<int, Task> check) => Parallel.ForEachAsync(
        Enumerable.Range(1, writes), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (at, _) => await check(at));
}
