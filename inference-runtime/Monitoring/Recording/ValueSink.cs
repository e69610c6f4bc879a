using System.Numerics;

namespace Sluice.Monitoring.Recording;

/// <summary>Takes the values of one feature, one after the other. One thread at a time.</summary>
public abstract class ValueSink
{
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
}
