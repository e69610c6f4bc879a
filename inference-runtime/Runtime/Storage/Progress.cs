namespace Sluice.Runtime.Storage;

/// <summary>Tells the log every few seconds how far a fetch is.</summary>
/// <param name="time">For the seconds.</param>
/// <param name="logger">Where to.</param>
/// <param name="address">What is fetched, fit to be shown.</param>
/// <param name="total">Bytes of all files; null when the storage does not say.</param>
internal sealed class Progress(TimeProvider time, ILogger logger, string address, long? total)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private long told = time.GetTimestamp();
    private long? toldBytes;

    /// <param name="bytes">That are there, of all files together.</param>
    public void At(long bytes)
    {
        toldBytes ??= bytes;
        var since = time.GetElapsedTime(told);
        if (since < Every)
            return;
        Log.FetchProgress(logger, address, bytes, total is { } all ? $"of {all} " : "", (long)((bytes - toldBytes.Value) / since.TotalSeconds));
        (told, toldBytes) = (time.GetTimestamp(), bytes);
    }
}
