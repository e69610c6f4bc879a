using System.Numerics;
using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Recording;

/// <summary>Collects what one feature is sent. One thread at a time.</summary>
public abstract class FeatureRecorder
{
    /// <summary>A recorder of what this baseline describes, in its cells.</summary>
    public static FeatureRecorder For(FeatureProfile baseline) => baseline switch
    {
        NumberProfile numbers => new NumberRecorder(numbers.Name, numbers.Edges, numbers.Moments.Mean),
        CategoryProfile categories => new CategoryRecorder(categories.Name, [.. categories.Expected.Select(static c => c.Value)]),
        _ => throw new ArgumentException("There are numbers and categories.", nameof(baseline)),
    };

    public abstract void AddMissing(long rows);

    /// <param name="value">NaN is a missing value.</param>
    public abstract void Add(double value);

    public abstract void Add(long value);

    /// <param name="text">UTF-8; an empty one is a missing value.</param>
    public abstract void Add(ReadOnlySpan<byte> text);

    /// <summary>Adds a column of a table that lies row by row.</summary>
    public void Add<T>(ReadOnlySpan<T> table, int column, int columns)
        where T : unmanaged, INumberBase<T>
    {
        // Not virtual calls for the kind that wants to be fast; and halves exist in types that are not whole.
        if (this is NumberRecorder numbers)
        {
            for (var i = column; i < table.Length; i += columns)
                numbers.Add(double.CreateTruncating(table[i]));
        }
        else if (T.One / (T.One + T.One) == T.Zero)
        {
            for (var i = column; i < table.Length; i += columns)
                Add(long.CreateTruncating(table[i]));
        }
        else
        {
            for (var i = column; i < table.Length; i += columns)
                Add(double.CreateTruncating(table[i]));
        }
    }

    /// <summary>What was collected since the last call; begins anew.</summary>
    public abstract FeatureProfile Take();

    /// <summary>An empty recorder of the same feature, for another thread; what does not change is shared.</summary>
    public abstract FeatureRecorder Another();
}
