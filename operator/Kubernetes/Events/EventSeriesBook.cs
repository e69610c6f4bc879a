namespace Sluice.Kubernetes.Events;

/// <summary>One event and how often it happened since it was last written.</summary>
internal sealed class EventEntry(Occurrence first)
{
    public Occurrence First { get; } = first;

    public Occurrence Latest { get; set; } = first;

    /// <summary>Times it happened that the server has not been told of.</summary>
    public int Untold { get; set; } = 1;

    /// <summary>Times the server knows of, as far as we have been told; 0 before the first write.</summary>
    public int Told { get; set; }

    /// <summary>When it was last handed out for writing.</summary>
    public long? Written { get; set; }

    public long Seen { get; set; }
}

/// <summary>
/// Which events are which, and when a repeated one is due for another write. The first time is due at once, later
/// ones when the interval since the last write is over. Not for concurrent use.
/// </summary>
internal sealed class EventSeriesBook(TimeSpan interval, TimeSpan seriesEnd, TimeProvider time)
{
    private const int MaxEntries = 4096;
    private readonly Dictionary<(string Namespace, string Name), EventEntry> _entries = [];

    public void Add(Occurrence occurrence)
    {
        var key = (occurrence.Namespace, occurrence.Name);
        if (_entries.TryGetValue(key, out var entry))
        {
            entry.Latest = occurrence;
            entry.Untold++;
        }
        else
        {
            MakeRoom();
            _entries[key] = entry = new EventEntry(occurrence);
        }

        entry.Seen = time.GetTimestamp();
    }

    /// <summary>How long until something is due; null when nothing waits.</summary>
    public TimeSpan? NextDue() =>
        _entries.Values.Where(static e => e.Untold > 0).Select(e => (TimeSpan?)Wait(e)).Min();

    public IReadOnlyList<EventEntry> TakeDue() => Take(e => Wait(e) <= TimeSpan.Zero);

    public IReadOnlyList<EventEntry> TakeAll() => Take(static _ => true);

    private List<EventEntry> Take(Func<EventEntry, bool> wanted)
    {
        var taken = _entries.Values.Where(e => e.Untold > 0 && wanted(e)).OrderBy(static e => e.Latest.At).ToList();
        foreach (var entry in taken)
            entry.Written = time.GetTimestamp();
        foreach (var (key, _) in _entries.Where(e => e.Value.Untold == 0 && time.GetElapsedTime(e.Value.Seen) >= seriesEnd).ToList())
            _entries.Remove(key);
        return taken;
    }

    private TimeSpan Wait(EventEntry entry) =>
        entry.Written is { } written ? interval - time.GetElapsedTime(written) : TimeSpan.Zero;

    private void MakeRoom()
    {
        if (_entries.Count >= MaxEntries)
            _entries.Remove(_entries.MinBy(static e => e.Value.Seen).Key);
    }
}
