using System.Collections.Immutable;
using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;
using Sluice.Monitoring.Recording;

namespace Sluice.Monitoring.Tests;

/// <summary>With the settable threshold out of the way, so that chance alone decides.</summary>
public sealed class CalibrationTests
{
    private const int Rows = 1000;

    /// <summary>What all numbers are drawn from; drawing from a table is fast enough for ten thousand windows.</summary>
    private static readonly double[] Population = Populate();

    private static readonly ImmutableArray<DriftMethod> Methods =
        [DriftMethod.Psi, DriftMethod.JensenShannon, DriftMethod.Wasserstein, DriftMethod.KolmogorovSmirnov, DriftMethod.ChiSquare];

    [Theory]
    [InlineData(10_000)]
    [InlineData(800)]
    public void Of_ten_thousand_quiet_windows_no_more_alarm_than_the_rate_says(int baselineRows)
    {
        const double rate = 0.01;
        const int baselines = 10, windows = 1000;
        var draw = new Draw(seed: 4);
        var alarms = new int[Methods.Length];
        for (var i = 0; i < baselines; i++)
        {
            var baseline = Baseline(draw, baselineRows);
            var tests = Methods.Select(method =>
                new DriftTest(baseline, new DriftSettings { Threshold = 0, FalseAlarmRate = rate, Method = method })).ToList();
            for (var w = 0; w < windows; w++)
            {
                var window = Window(draw, baseline, shift: 0);
                for (var m = 0; m < tests.Count; m++)
                    alarms[m] += tests[m].Compare(window).IsDrifted ? 1 : 0;
            }
        }

        alarms.Should().OnlyContain(a => a <= rate * baselines * windows);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(DriftMethod.Psi)]
    [InlineData(DriftMethod.JensenShannon)]
    [InlineData(DriftMethod.Wasserstein)]
    [InlineData(DriftMethod.KolmogorovSmirnov)]
    [InlineData(DriftMethod.ChiSquare)]
    public void Half_a_deviation_is_found_within_three_windows_of_a_thousand_rows(DriftMethod? method)
    {
        var draw = new Draw(seed: 9);
        foreach (var baselineRows in (ReadOnlySpan<int>)[800, 5000])
        {
            var baseline = Baseline(draw, baselineRows);
            var test = new DriftTest(baseline, new DriftSettings { Method = method });

            for (var start = 0; start < 20; start++)
            {
                var found = Enumerable.Range(0, 3).Select(_ => test.Compare(Window(draw, baseline, shift: 0.5))).ToList();
                found.Should().Contain(r => r.Features.Any(s => s.Feature == "x" && s.IsDrifted));
                found.Should().Contain(r => r.Features.All(s => s.Feature == "x" || !s.IsDrifted));
            }
        }
    }

    [Fact]
    public void Values_that_go_missing_are_drift()
    {
        var draw = new Draw(seed: 2);
        var baseline = Baseline(draw, 5000);
        var test = new DriftTest(baseline, new DriftSettings());
        var recorder = Recorder("x");
        recorder.AddMissing(300);
        for (var i = 0; i < 700; i++)
            recorder.Add(draw.Normal());
        var window = Window(draw, baseline, shift: 0);

        var report = test.Compare(window with { Features = window.Features.SetItem(0, recorder.Take()) });

        report.Features.Single(static s => s.IsDrifted).Should()
            .Match<DriftScore>(static s => s.Feature == "x" && s.Method == DriftMethod.MissingShare && s.Score == 0.3);
        report.IsDataSetDrifted.Should().BeTrue("one of two features did");
    }

    [Fact]
    public void Too_few_rows_are_no_ground_for_a_verdict()
    {
        var draw = new Draw(seed: 2);
        var baseline = Baseline(draw, 5000);
        var recorder = Recorder("x");
        for (var i = 0; i < DriftTest.LeastRows - 1; i++)
            recorder.Add(50 + draw.Normal());
        var window = Window(draw, baseline, shift: 0);

        var report = new DriftTest(baseline, new DriftSettings()).Compare(
            window with { Features = window.Features.SetItem(0, recorder.Take()) });

        report.Features.Select(static s => s.Feature).Should().Equal("kind");
        report.IsDrifted.Should().BeFalse();
    }

    [Fact]
    public void The_method_follows_type_and_size_of_the_baseline()
    {
        var draw = new Draw(seed: 1);
        Profile small = Baseline(draw, 1000), large = Baseline(draw, 1001);

        small.Features.Select(DriftMethods.Default).Should().Equal(DriftMethod.KolmogorovSmirnov, DriftMethod.ChiSquare);
        large.Features.Select(DriftMethods.Default).Should().Equal(DriftMethod.Wasserstein, DriftMethod.JensenShannon);
        DriftMethods.Find("wasserstein").Should().Be(DriftMethod.Wasserstein);
        DriftMethods.Find("nonsense").Should().BeNull();
    }

    private static NumberRecorder Recorder(string name) =>
        new(name, [.. Enumerable.Range(-8, 17).Select(static i => i * 0.4)], shift: 0);

    private static Profile Baseline(Draw draw, int rows) => Record(draw, rows, shift: 0, ["a", "b", "c", "d"]);

    private static Profile Window(Draw draw, Profile baseline, double shift) => Record(
        draw, Rows, shift, [.. ((CategoryProfile)baseline.Features[1]).Expected.Select(static c => c.Value)]);

    private static Profile Record(Draw draw, int rows, double shift, ImmutableArray<string> categories)
    {
        var number = Recorder("x");
        var category = new CategoryRecorder("kind", categories);
        var random = new Random((int)(draw.Normal() * 1e8));
        for (var i = 0; i < rows; i++)
            number.Add(shift + Population[random.Next(Population.Length)]);
        var counts = draw.Counts(rows, [0.6, 0.3, 0.08, 0.02]);
        for (var c = 0; c < categories.Length; c++)
        {
            for (var i = 0; i < counts[c]; i++)
                category.Add(System.Text.Encoding.UTF8.GetBytes(categories[c]));
        }
        return new Profile(rows, [number.Take(), category.Take()], []);
    }

    private static double[] Populate()
    {
        var draw = new Draw(seed: 3);
        return [.. Enumerable.Range(0, 1 << 18).Select(_ => draw.Normal())];
    }
}
