using System.Collections.Immutable;
using System.Text;
using Sluice.Contract;
using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;
using Sluice.Monitoring.Recording;

namespace Sluice.Monitoring.Tests;

/// <summary>Counts the memory of this process, so that nothing else may run.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryAlone;

[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    /// <summary>Sixty numbers and forty texts: fifty categories each in the baseline, and callers who send new ones without end.</summary>
    [Fact]
    public void Texts_whose_categories_are_at_their_bounds_stay_within_a_megabyte_and_what_is_cut_is_counted()
    {
        const int rows = 4000;
        var features = Enumerable.Range(0, 60).Select(static i => Sample($"x[{i}]")).Concat(Enumerable.Range(0, 40).Select(static i => Texts($"t{i}"))).ToImmutableArray();
        var baseline = new Profile(20_000, features, []);
        var size = Measure(() => Watched(baseline), static w => w.Drive(rows));

        size.Bytes.Should().BeLessThan(1 << 20, "a model with a hundred features is watched in less than a megabyte");
        var texts = ((CategoryProfile)size.Kept.Open.Features[99], (CategoryProfile)size.Kept.Closed.ToProfile().Features[99]);
        foreach (var profile in (CategoryProfile[])[texts.Item1, texts.Item2])
        {
            profile.Novel.Count.Should().BeLessThanOrEqualTo(CategoryProfile.NamesOf(40));
            profile.Count.Should().Be(rows);
            (profile.Novel.Values.Sum() + profile.Cut).Should().Be(rows - profile.Expected.Sum(static c => c.Count));
        }
    }

    private static (long Bytes, Watch Kept) Measure(Func<Watch> make, Action<Watch> drive)
    {
        var warm = make();
        drive(warm);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var kept = make();
        drive(kept);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(warm);
        return (after - before, kept);
    }

    private static Watch Watched(Profile baseline) => new(new Profile(baseline.Rows, [.. baseline.Features.Select(Copy)], []));

    /// <summary>Of its own memory, so that it counts.</summary>
    private static FeatureProfile Copy(FeatureProfile of) => of is CategoryProfile texts
        ? texts with { Expected = [.. texts.Expected.Select(static c => new CategoryCount(new string(c.Value), c.Count))] }
        : of is NumberProfile numbers ? numbers with { Edges = [.. numbers.Edges], Counts = [.. numbers.Counts] } : of;

    private static FeatureProfile Texts(string name)
    {
        var sample = new CategorySample(name);
        for (var i = 0; i < 1000; i++)
            sample.Add(Encoding.UTF8.GetBytes($"category-{i % 50}"));
        return sample.Take();
    }

    /// <summary>All that a monitor keeps, but for the tensors that it looks at: baseline, shards of four threads, the open window and the closed one.</summary>
    private sealed class Watch
    {
        private readonly FeatureRecorder[][] shards;
        private readonly DriftTest test;

        public Watch(Profile baseline)
        {
            var patterns = baseline.Features.Select(FeatureRecorder.For).ToArray();
            shards = [.. Enumerable.Range(0, 4).Select(_ =>
            {
                var names = new NovelNames();
                return patterns.Select(p => p.Another(names)).ToArray();
            })];
            test = new DriftTest(baseline, new DriftSettings());
            Open = baseline;
            Closed = baseline.ToDocument();
        }

        public Profile Open { get; private set; }

        public ProfileDocument Closed { get; private set; }

        public void Drive(int rows)
        {
            Open = Fill(rows, 0);
            test.Compare(Open);
            Closed = Open.ToDocument();
            Open = Fill(rows, 1);
            // What threads hold that were not collected yet.
            Record(rows / 4, 2);
        }

        private Profile Fill(int rows, int seed)
        {
            Record(rows / 4, seed);
            return shards.Select(s => new Profile(rows / 4, [.. s.Select(static r => r.Take())], [])).Aggregate(static (a, b) => a.Merge(b));
        }

        private void Record(int rows, int seed)
        {
            for (var shard = 0; shard < shards.Length; shard++)
            {
                for (var i = 0; i < rows; i++)
                {
                    foreach (var (recorder, place) in shards[shard].Select(static (r, place) => (r, place)))
                    {
                        if (recorder is NumberRecorder)
                            recorder.Add((double)i);
                        else
                            recorder.Add(i % 2 == 0 ? "category-7"u8 : Encoding.UTF8.GetBytes($"{seed}-{shard}-{place}-{i}".PadRight(CategoryRecorder.LengthLimit, 'x')));
                    }
                }
            }
        }
    }

    private static FeatureProfile Sample(string name)
    {
        var sample = new NumberSample(name);
        for (var i = 0; i < 1000; i++)
            sample.Add((double)i);
        return sample.Take();
    }
}
