namespace Sluice.Contract.Metrics;

/// <summary>A number that only grows. Recording takes no lock.</summary>
public sealed class Counter
{
    private double value;

    public double Value => Volatile.Read(ref value);

    public void Increment() => Add(1);

    /// <param name="amount">Not negative.</param>
    public void Add(double amount) => Atomic.Add(ref value, amount);
}

/// <summary>A number that goes up and down. Recording takes no lock.</summary>
public sealed class Gauge
{
    private double value;

    public double Value => Volatile.Read(ref value);

    public void Set(double to) => Volatile.Write(ref value, to);

    public void Add(double amount) => Atomic.Add(ref value, amount);
}

internal static class Atomic
{
    public static void Add(ref double target, double amount)
    {
        var seen = Volatile.Read(ref target);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref target, seen + amount, seen);
            // Bits are compared, so that a NaN does not loop for ever.
            if (BitConverter.DoubleToInt64Bits(found) == BitConverter.DoubleToInt64Bits(seen))
                return;
            seen = found;
        }
    }
}
