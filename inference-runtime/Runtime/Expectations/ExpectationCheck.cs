using System.Text;
using Sluice.Monitoring.Recording;
using Sluice.Onnx;
using Sluice.Runtime.Json;
using Sluice.Runtime.Monitoring;

namespace Sluice.Runtime.Expectations;

/// <summary>Holds the values of one call against one expectation.</summary>
internal sealed unsafe class ExpectationCheck(Expectation of) : ValueSink
{
    /// <summary>Characters; no longer text is allowed, so a longer one need not be decoded.</summary>
    private const int LongestText = 256;

    private long seen;
    private long firstAt;
    private string? first;

    public Expectation Of => of;

    /// <summary>Values below the least or above the largest.</summary>
    public long OutOfRange { get; private set; }

    /// <summary>Values that are none of those allowed.</summary>
    public long NotAllowed { get; private set; }

    /// <summary>Rows without a value that is required.</summary>
    public long Missing { get; private set; }

    public bool IsViolated => OutOfRange + NotAllowed + Missing > 0;

    /// <summary>For the caller: which feature, what it is, where, and what it should be.</summary>
    public string Message => first is null
        ? $"Feature \"{of.Feature}\" is missing; the model expects {of.Wanted}."
        : $"Feature \"{of.Feature}\" is {first} in row {firstAt / (of.Column is null ? of.Columns : 1)}; the model expects {of.Wanted}.";

    /// <param name="slot">The feature's input.</param>
    /// <param name="rows">Those that count.</param>
    public void Run(InputSlot slot, int rows)
    {
        (OutOfRange, NotAllowed, Missing, seen, firstAt, first) = (0, 0, 0, 0, 0, null);
        if (!slot.IsSet)
        {
            Missing = of.IsRequired ? 1 : 0;
            return;
        }
        var count = (int)Math.Min(slot.Count, Math.Min(int.MaxValue, (long)rows * of.Columns));
        var (column, columns) = of.Column is { } one ? (one, of.Columns) : (0, 1);
        if (slot.ElementType != ElementType.String)
        {
            TensorRecording.Record(slot.ElementType, slot.RawMemory, count, column, columns, this);
            return;
        }
        for (var i = column; i < count; i += columns)
            Add(slot.StringAt(i));
    }

    public override void Add(double value)
    {
        if (double.IsNaN(value))
            Miss("NaN");
        else if (value < of.Min || value > of.Max)
            OutOfRange += Note(value);
        else if (of.Numbers?.Contains(value) == false)
            NotAllowed += Note(value);
        seen++;
    }

    public override void Add(long value) => Add((double)value);

    public override void Add(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            Miss("empty");
        else if (of.Texts is { } texts && !IsAmong(texts, text))
        {
            NotAllowed++;
            Note(first is null ? $"\"{Excerpt.Of(text)}\"" : null);
        }
        seen++;
    }

    private static bool IsAmong(System.Collections.Frozen.FrozenSet<string> texts, ReadOnlySpan<byte> text)
    {
        Span<char> chars = stackalloc char[LongestText];
        return Encoding.UTF8.TryGetChars(text, chars, out var length) && texts.GetAlternateLookup<ReadOnlySpan<char>>().Contains(chars[..length]);
    }

    private void Miss(string what)
    {
        if (!of.IsRequired)
            return;
        Missing++;
        Note(what);
    }

    private int Note(double value)
    {
        Note(first is null ? of.Show(value) : null);
        return 1;
    }

    private void Note(string? value)
    {
        if (first is null)
            (first, firstAt) = (value, seen);
    }
}
