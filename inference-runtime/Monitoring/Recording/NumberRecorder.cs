using System.Collections.Immutable;
using System.Numerics;
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
    {
        (this.name, this.edges, cells) = (name, edges, new Cells(edges.AsSpan()));
        this.shift = double.IsFinite(shift) ? shift : 0;
        counts = new long[edges.Length + 1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value)
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

    /// <summary>Adds every <paramref name="stride"/>th element: a column of a table that lies row by row.</summary>
    public void Add<T>(ReadOnlySpan<T> table, int column, int stride)
        where T : unmanaged, INumberBase<T>
    {
        for (var i = column; i < table.Length; i += stride)
            Add(double.CreateTruncating(table[i]));
    }

    public override void AddMissing(long rows) => missing += rows;

    public override void Add(ReadOnlySpan<byte> text)
    {
        if (System.Buffers.Text.Utf8Parser.TryParse(text, out double number, out var read) && read == text.Length)
            Add(number);
        else
            missing++;
    }

    public override FeatureProfile Take()
    {
        var taken = new NumberProfile(
            name, missing, Moments.FromShifted(near, shift, sum, squares), min, max, edges, [.. counts]);
        (missing, near, sum, squares) = (0, 0, 0, 0);
        (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        Array.Clear(counts);
        return taken;
    }

    private void AddFar(double value)
    {
        if (double.IsNaN(value))
            missing++;
        else
            counts[cells.Find(value)]++;
    }
}
