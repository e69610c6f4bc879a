using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Monitoring.Profiles;
using Sluice.Monitoring.Recording;

namespace Sluice.Monitoring.Tests;

public sealed class RecordingTests
{
    [Fact]
    public void A_number_falls_into_the_cell_whose_edges_are_around_it()
    {
        Prop.ForAll<NormalFloat[], double>(static (floats, value) =>
        {
            double[] edges = [.. floats.Select(static f => f.Get).Distinct().Order().Take(40)];
            var found = Expected(edges, value);
            return new Cells(edges).Find(value) == found;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0.9, 0)]
    [InlineData(1, 1)]
    [InlineData(1.5, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 2)]
    [InlineData(4.1, 3)]
    [InlineData(double.PositiveInfinity, 3)]
    [InlineData(double.NegativeInfinity, 0)]
    public void A_cell_holds_its_lower_edge_and_the_last_one_its_upper_edge_as_well(double value, int cell) =>
        new Cells([1, 2, 4]).Find(value).Should().Be(cell);

    [Fact]
    public void Numbers_that_are_none_are_missing_and_endless_ones_do_not_spoil_the_mean()
    {
        var recorder = new NumberRecorder("x", [0, 1], shift: double.NaN);

        recorder.Add<float>([float.NaN, 0.5f, float.PositiveInfinity, float.NegativeInfinity], 0, 1);
        recorder.Add("0.25"u8);
        recorder.Add("none"u8);
        recorder.Add(1e200);

        var profile = (NumberProfile)recorder.Take();
        profile.Missing.Should().Be(2);
        profile.Counts.Should().Equal(1, 2, 2);
        profile.Moments.Should().Be(new Moments(2, 0.375, 0.03125));
        (profile.Min, profile.Max).Should().Be((0.25, 0.5));
    }

    [Fact]
    public void Profiles_of_parts_merge_into_the_profile_of_all_rows()
    {
        Prop.ForAll<double[], double[]>(static (left, right) =>
        {
            var merged = (NumberProfile)Numbers(left).Merge(Numbers(right));
            var whole = Numbers([.. left, .. right]);
            return merged.Counts.SequenceEqual(whole.Counts)
                && merged.Missing == whole.Missing
                && (merged.Min, merged.Max, merged.Moments.Count) == (whole.Min, whole.Max, whole.Moments.Count)
                && Near(merged.Moments.Mean, whole.Moments.Mean, Spread(whole))
                && Near(merged.Moments.Variance, whole.Moments.Variance, Spread(whole) * Spread(whole));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Categories_of_parts_merge_into_those_of_all_rows()
    {
        var values = Gen.Elements("a", "b", "c", "d", string.Empty, "é", "7", "-1").ArrayOf().ToArbitrary();
        Prop.ForAll(values, values, static (left, right) =>
        {
            var merged = (CategoryProfile)Categories(left).Merge(Categories(right));
            var whole = Categories([.. left, .. right]);
            return merged.Expected.SequenceEqual(whole.Expected)
                && merged.Novel.SequenceEqual(whole.Novel)
                && (merged.Missing, merged.Cut, merged.Count) == (whole.Missing, whole.Cut, whole.Count);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Moments_of_parts_do_not_depend_on_the_order_of_merging()
    {
        Prop.ForAll<NormalFloat[][]>(static parts =>
        {
            var moments = parts.Select(static p => Numbers([.. p.Select(static f => f.Get % 1e6)]).Moments).ToList();
            var forward = moments.Aggregate(default(Moments), static (a, b) => a + b);
            var backward = moments.AsEnumerable().Reverse().Aggregate(default(Moments), static (a, b) => a + b);
            return forward.Count == backward.Count && Near(forward.Mean, backward.Mean, 1e6)
                && Near(forward.Variance, backward.Variance, 1e12);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Categories_are_bounded_and_what_is_cut_is_counted()
    {
        var recorder = new CategoryRecorder("city", ["Bern"]);

        for (var i = 0; i < 1000; i++)
            recorder.Add(Encoding.UTF8.GetBytes($"city {i}"));
        for (var i = 0; i < 500; i++)
            recorder.Add(1000 + i);
        recorder.Add(Encoding.UTF8.GetBytes(new string('x', 5000)));
        recorder.Add("Bern"u8);

        var profile = (CategoryProfile)recorder.Take();
        profile.Count.Should().Be(1502);
        profile.Expected.Should().Equal(new CategoryCount("Bern", 1));
        profile.Novel.Should().HaveCount(CategoryRecorder.NovelLimit);
        profile.Cut.Should().Be(1501 - CategoryRecorder.NovelLimit);
    }

    [Fact]
    public void Features_that_share_their_names_cut_what_is_too_much_and_count_it()
    {
        var names = new NovelNames(40);
        var pattern = new CategoryRecorder("x", []);
        var (one, other) = (pattern.Another(names), pattern.Another(names));
        for (var i = 0; i < 100; i++)
        {
            one.Add(i);
            other.Add(i);
        }

        var (first, second) = ((CategoryProfile)one.Take(), (CategoryProfile)other.Take());

        (first.Novel.Count + second.Novel.Count).Should().Be(40);
        (first.Count, second.Count).Should().Be((100, 100));
        for (var i = 0; i < 100; i++)
            other.Add(i);
        ((CategoryProfile)other.Take()).Novel.Should().HaveCount(CategoryRecorder.NovelLimit, "what was taken makes room");
    }

    [Fact]
    public void Profiles_of_many_features_name_fewer_categories_of_each()
    {
        var features = Enumerable.Range(0, 64).Select(static _ => (FeatureProfile)Categories([.. Enumerable.Range(0, 30).Select(static n => $"new {n}")])).ToImmutableArray();
        var profile = new Profile(30, features, []);

        var merged = profile.Merge(profile);

        merged.Features.Cast<CategoryProfile>().Should().OnlyContain(static f => f.Novel.Count == 8 && f.Count == 60);
    }

    [Fact]
    public void Merging_for_ever_names_no_more_categories_and_counts_all_rows()
    {
        FeatureProfile merged = Categories(["often"]);
        for (var i = 0; i < 100; i++)
            merged = merged.Merge(Categories([.. Enumerable.Range(0, 20).Select(n => $"id {i}-{n}"), "often"]));

        var profile = (CategoryProfile)merged;
        profile.Novel.Should().HaveCount(CategoryProfile.MergedLimit).And.Contain("often", 101);
        profile.Count.Should().Be(2101);
    }

    [Fact]
    public void What_was_taken_is_not_counted_again()
    {
        var recorder = new CategoryRecorder("class", ["0", "1"]);
        recorder.Add(0);
        recorder.Add(9);
        recorder.AddMissing(2);
        recorder.Take();
        recorder.Add(1);

        var profile = (CategoryProfile)recorder.Take();

        profile.Expected.Select(static c => c.Count).Should().Equal(0, 1);
        profile.Novel.Should().BeEmpty();
        profile.Missing.Should().Be(0);
    }

    [Fact]
    public void Profiles_of_different_baselines_do_not_merge()
    {
        var other = new NumberRecorder("x", [0, 2], 0).Take();

        Numbers([1]).Invoking(p => p.Merge(other)).Should().Throw<ArgumentException>().WithMessage("*\"x\"*baseline*");
    }

    private static NumberProfile Numbers(double[] values)
    {
        var recorder = new NumberRecorder("x", [-10, -1, 0, 0.5, 1, 100], shift: 1);
        recorder.Add<double>(values, 0, 1);
        return (NumberProfile)recorder.Take();
    }

    private static CategoryProfile Categories(string[] values)
    {
        var recorder = new CategoryRecorder("x", ["a", "7", "z"]);
        foreach (var value in values)
        {
            if (long.TryParse(value, out var number))
                recorder.Add(number);
            else
                recorder.Add(Encoding.UTF8.GetBytes(value));
        }
        return (CategoryProfile)recorder.Take();
    }

    private static int Expected(double[] edges, double value)
    {
        if (edges.Length > 0 && value == edges[^1])
            return edges.Length - 1;
        return edges.Count(e => e <= value);
    }

    private static double Spread(NumberProfile profile) =>
        profile.Moments.Count == 0 ? 1 : 1 + Math.Max(Math.Abs(profile.Min), Math.Abs(profile.Max));

    private static bool Near(double a, double b, double scale) => Math.Abs(a - b) <= 1e-9 * scale;
}
