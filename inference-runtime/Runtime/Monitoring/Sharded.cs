namespace Sluice.Runtime.Monitoring;

/// <summary>
/// Copies of something that threads borrow for the length of one recording: one atomic exchange, no lock, and nothing is
/// lost. There are more copies than processors, so a thread waits only when others were stopped while they held theirs.
/// </summary>
internal sealed class Sharded<T>
    where T : class
{
    /// <summary>References in a cache line, so that two threads do not fight for one.</summary>
    private const int Line = 8;

    private const int Most = 16;

    private readonly T?[] slots;
    private readonly int mask;

    /// <param name="wanted">Copies, at least, unless that is very many.</param>
    /// <param name="make">Makes one, given how many there will be.</param>
    public Sharded(int wanted, Func<int, T> make)
    {
        var count = 1;
        while (count < Math.Min(wanted, Most))
            count *= 2;
        mask = count - 1;
        slots = new T?[count * Line];
        for (var i = 0; i < count; i++)
            slots[i * Line] = make(count);
    }

    /// <summary>Takes a copy that nobody holds; hand it back soon, with its place.</summary>
    public T Borrow(out int place)
    {
        var wait = default(SpinWait);
        var first = Thread.GetCurrentProcessorId();
        for (var i = 0; ; i++)
        {
            place = ((first + i) & mask) * Line;
            if (Interlocked.Exchange(ref slots[place], null) is { } item)
                return item;
            if (i >= mask)
                wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    public void Return(T item, int place) => Volatile.Write(ref slots[place], item);

    /// <summary>Visits each copy once, waiting for those that are borrowed.</summary>
    public void ForEach(Action<T> visit)
    {
        for (var i = 0; i <= mask; i++)
        {
            var wait = default(SpinWait);
            T? item;
            while ((item = Interlocked.Exchange(ref slots[i * Line], null)) is null)
                wait.SpinOnce(sleep1Threshold: -1);
            try
            {
                visit(item);
            }
            finally
            {
                Return(item, i * Line);
            }
        }
    }
}
