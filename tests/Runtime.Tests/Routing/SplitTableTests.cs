using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Routing;
using Sluice.Support.Time;

namespace Sluice.Runtime.Tests.Routing;

public sealed class SplitTableTests
{
    private readonly RoutingMetrics metrics = new(new MetricRegistry(), new ManualTime());

    [Fact]
    public void A_user_who_has_the_candidate_keeps_it_while_its_share_grows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(NonNull<string>, NonNull<string>, byte, byte)>(), drawn =>
        {
            var (salt, user, first, second) = drawn;
            var (low, high) = (Math.Min(first % 101, second % 101), Math.Max(first % 101, second % 101));
            var bucket = SplitBuckets.Of(salt.Get, user.Get);
            var before = Table(low).Pick(bucket).Revision;
            return before == "r1" || Table(high).Pick(bucket).Revision == before;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_bucket_has_an_owner_and_the_shares_are_exact() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte>(), percent =>
        {
            var table = Table(percent % 101);
            return Enumerable.Range(0, SplitBuckets.Count).Count(b => table.Pick(b).Revision == "r2") == percent % 101 * 100;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Draws_give_each_share_its_part_also_of_every_nth_request() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(long, byte, byte)>(), drawn =>
        {
            var (start, percent, every) = drawn;
            var (draws, table, step) = (new Draws((ulong)start, Draws.Golden), Table(percent % 101), 1 + every % 7);
            var picks = Enumerable.Range(0, 10_000 * step).Select(_ => table.Pick(draws.Next()).Revision == "r2").ToList();
            var share = picks.Where((_, i) => i % step == 0).Count(hit => hit) / 100.0;
            return Math.Abs(share - (percent % 101)) < 0.5;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Users_spread_evenly_and_a_new_salt_deals_them_anew()
    {
        var table = Table(20);
        var users = Enumerable.Range(0, 10_000).Select(i => "user-" + i.ToString(CultureInfo.InvariantCulture)).ToList();
        var with = users.Where(u => table.Pick(SplitBuckets.Of("one", u)).Revision == "r2").ToHashSet();
        with.Count.Should().BeInRange(1850, 2150);
        with.Count(u => table.Pick(SplitBuckets.Of("two", u)).Revision == "r2").Should().BeInRange(300, 500);
    }

    [Theory]
    [InlineData("", "", 3192)]
    [InlineData("salt", "user-1", 2642)]
    public void Buckets_are_what_is_documented(string salt, string value, int bucket) =>
        SplitBuckets.Of(salt, value).Should().Be(bucket);

    [Fact]
    public void Only_the_pods_of_the_first_share_divide()
    {
        var document = Splits.Of(1, Splits.Stable(50), Splits.Candidate(50));
        new SplitTable(document, "r1", metrics).Divides.Should().BeTrue();
        new SplitTable(document, "r2", metrics).Divides.Should().BeFalse();
        new SplitTable(document, "r0", metrics).Divides.Should().BeFalse();
    }

    [Fact]
    public void Nothing_is_divided_while_the_first_share_has_all()
    {
        Table(0).Divides.Should().BeFalse();
        var shadow = new SplitShadow { Revision = "r2", Percent = 1, Http = "h:1", Grpc = "h:2" };
        var document = Splits.Of(1, Splits.Stable(100)) with { Shadow = shadow };
        new SplitTable(document, "r1", metrics).Divides.Should().BeTrue("copies are made");
        new SplitTable(document with { Shadow = shadow with { Percent = 0 } }, "r1", metrics).Divides.Should().BeFalse();
    }

    private SplitTable Table(int percent) => new(Splits.Of(1, Splits.Stable(100 - percent), Splits.Candidate(percent)), "r1", metrics);
}
