using FsCheck;
using FsCheck.Fluent;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Tests.Queue;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_stay_between_the_floor_and_the_cap_and_never_shrink() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<int>(),
        (first, cap, seed) =>
        {
            var backoff = new Backoff(TimeSpan.FromMilliseconds(first.Get), TimeSpan.FromMilliseconds(first.Get + cap.Get)) { Floor = 0.5 };
            var jitter = new Jitter(new Random(seed));
            return Enumerable.Range(-1, 100).All(n =>
            {
                var wait = backoff.Delay(n, jitter);
                return wait >= backoff.First / 2 && wait <= backoff.Cap
                    && wait >= backoff.Ceiling(n) / 2 && wait <= backoff.Ceiling(n)
                    && backoff.Ceiling(n) <= backoff.Ceiling(n + 1);
            });
        }));

    [Fact]
    public void Full_jitter_reaches_down_to_nothing()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)) { Floor = 0 };
        var jitter = new Jitter(new Random(3));
        var waits = Enumerable.Range(0, 1000).Select(_ => backoff.Delay(0, jitter).TotalSeconds).ToList();

        waits.Should().OnlyContain(w => w >= 0 && w <= 1);
        waits.Min().Should().BeLessThan(0.05);
        waits.Max().Should().BeGreaterThan(0.95);
    }

    [Fact]
    public void A_count_beyond_all_bounds_is_the_cap() =>
        new Backoff(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(1)).Ceiling(int.MaxValue).Should().Be(TimeSpan.FromSeconds(1));
}
