using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Recording;

/// <summary>Collects what one feature is sent. One thread at a time.</summary>
public abstract class FeatureRecorder
{
    public abstract void AddMissing(long rows);

    /// <param name="text">UTF-8.</param>
    public abstract void Add(ReadOnlySpan<byte> text);

    /// <summary>What was collected since the last call; begins anew.</summary>
    public abstract FeatureProfile Take();
}
