using System.Buffers.Text;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Recording;

/// <summary>Collects one feature of numbers. One thread at a time.</summary>
public sealed class NumberRecorder : FeatureRecorder
{
    /// <summary>Numbers further away than this are counted but kept out of mean and spread, whose squares they would overflow.</summary>
    private const double Far = 1e150;

    private readonly string name;
    private readonly ImmutableArray<double> edges;
    private readonly double shift;
    private readonly Cells cells;
    private readonly long[] counts;
    private long missing;
    private long near;
    private double sum;
    private double squares;
    private double min = double.PositiveInfinity;
    private double max = double.NegativeInfinity;

    /// <param name="name">Of the feature.</param>
    /// <param name="edges">Of the cells, ascending.</param>
    /// <param name="shift">A number near the mean to be expected, for precision.</param>
    public NumberRecorder(string name, ImmutableArray<double> edges, double shift)
        : this(name, edges, double.IsFinite(shift) ? shift : 0, new Cells(edges.AsSpan()))
    {
    }

    private NumberRecorder(string name, ImmutableArray<double> edges, double shift, Cells cells)
    {
        (this.name, this.edges, this.shift, this.cells) = (name, edges, shift, cells);
        counts = new long[edges.Length + 1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override void Add(double value)
    {
        var apart = value - shift;
        if (!(Math.Abs(apart) < Far))
        {
            AddFar(value);
            return;
        }
        near++;
        sum += apart;
        squares += apart * apart;
        min = value < min ? value : min;
        max = value > max ? value : max;
        counts[cells.Find(value)]++;
    }

    public override void Add(long value) => Add((double)value);

    /// <summary>A text that is no number is a missing value.</summary>
    public override void Add(ReadOnlySpan<byte> text) =>
        Add(Utf8Parser.TryParse(text, out double number, out var read) && read == text.Length ? number : double.NaN);

    public override void AddMissing(long rows) => missing += rows;

    public override FeatureProfile Take()
    {
        var taken = new NumberProfile(
            name, missing, Moments.FromShifted(near, shift, sum, squares), min, max, edges, [.. counts]);
        (missing, near, sum, squares) = (0, 0, 0, 0);
        (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        Array.Clear(counts);
        return taken;
    }

    public override FeatureRecorder Another(NovelNames names) => new NumberRecorder(name, edges, shift, cells);

    private void AddFar(double value)
    {
        if (double.IsNaN(value))
            missing++;
        else
            counts[cells.Find(value)]++;
    }
}
