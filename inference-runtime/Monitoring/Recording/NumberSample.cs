using System.Buffers.Text;
using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Recording;

/// <summary>Keeps the first numbers of a feature that has no baseline, to make one of them: cells with like many rows each.</summary>
/// <param name="name">Of the feature.</param>
/// <param name="cells">At most so many, fewer when few numbers differ.</param>
public sealed class NumberSample(string name, int cells = 16) : FeatureRecorder
{
    private readonly List<double> values = [];
    private long missing;

    public override void AddMissing(long rows) => missing += rows;

    public override void Add(double value) => values.Add(value);

    public override void Add(long value) => values.Add(value);

    public override void Add(ReadOnlySpan<byte> text) =>
        Add(Utf8Parser.TryParse(text, out double number, out var read) && read == text.Length ? number : double.NaN);

    public override FeatureProfile Take()
    {
        var finite = values.Where(double.IsFinite).Order().ToList();
        var edges = Enumerable.Range(0, finite.Count == 0 ? 0 : cells + 1)
            .Select(i => finite[(int)((finite.Count - 1L) * i / cells)])
            .Distinct()
            .ToList();
        // One number alone is a cell of no width.
        if (edges.Count == 1)
            edges.Add(edges[0]);
        var recorder = new NumberRecorder(name, [.. edges], finite.Count == 0 ? 0 : finite.Average());
        recorder.AddMissing(missing);
        foreach (var value in values)
            recorder.Add(value);
        values.Clear();
        missing = 0;
        return recorder.Take();
    }

    public override FeatureRecorder Another(NovelNames names) => new NumberSample(name, cells);
}
