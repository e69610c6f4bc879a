using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Recording;

/// <summary>Collects what one feature is sent. One thread at a time.</summary>
public abstract class FeatureRecorder : ValueSink
{
    /// <summary>A recorder of what this baseline describes, in its cells.</summary>
    public static FeatureRecorder For(FeatureProfile baseline) => baseline switch
    {
        NumberProfile numbers => new NumberRecorder(numbers.Name, numbers.Edges, numbers.Moments.Mean),
        CategoryProfile categories => new CategoryRecorder(categories.Name, [.. categories.Expected.Select(static c => c.Value)]),
        _ => throw new ArgumentException("There are numbers and categories.", nameof(baseline)),
    };

    public abstract void AddMissing(long rows);

    /// <summary>What was collected since the last call; begins anew.</summary>
    public abstract FeatureProfile Take();

    /// <summary>An empty recorder of the same feature, for another thread; what does not change is shared.</summary>
    /// <param name="names">What it and others of that thread may name together.</param>
    public abstract FeatureRecorder Another(NovelNames names);
}
