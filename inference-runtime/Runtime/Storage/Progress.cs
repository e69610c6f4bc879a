namespace Sluice.Runtime.Storage;

/// <summary>Tells the log every few seconds, and the metrics always, how far a fetch is.</summary>
/// <param name="time">For the seconds.</param>
/// <param name="logger">Where to.</param>
/// <param name="address">What is fetched, fit to be shown.</param>
/// <param name="total">Bytes of all files; null when the storage does not say.</param>
/// <param name="isAlone">Whether there is one file.</param>
/// <param name="metrics">Those of this fetch.</param>
internal sealed class Progress(TimeProvider time, ILogger logger, string address, long? total, bool isAlone, FetchMetrics metrics)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private long? whole = total;
    private long told = time.GetTimestamp();
    private long? toldBytes;

    /// <summary>How long a file turned out to be, which tells all when it is the only one.</summary>
    public void Opened(long? length)
    {
        if (whole is not null || !isAlone || length is null)
            return;
        whole = length;
        metrics.Begins(whole);
    }

    /// <param name="bytes">That are there, of all files together.</param>
    public void At(long bytes)
    {
        metrics.At(bytes);
        toldBytes ??= bytes;
        var since = time.GetElapsedTime(told);
        if (since < Every)
            return;
        Log.FetchProgress(logger, address, bytes, whole is { } all ? $"of {all} " : "", (long)((bytes - toldBytes.Value) / since.TotalSeconds));
        (told, toldBytes) = (time.GetTimestamp(), bytes);
    }
}
