namespace Sluice.Monitoring.Feedback;

/// <summary>What became of one label that was sent.</summary>
public enum Join
{
    /// <summary>Its prediction was found.</summary>
    Joined,

    /// <summary>No such prediction was made, as far as is known here.</summary>
    Unknown,

    /// <summary>The prediction was made, and has been forgotten since.</summary>
    Late,

    /// <summary>The prediction has its label already.</summary>
    Duplicate,
}

/// <summary>Finds the latest predictions by their keys, and knows of older ones that they were there. One thread at a time.</summary>
public sealed class PredictionMemory
{
    private readonly PredictionRing ring;
    private readonly Dictionary<ulong, long> numbers = [];
    private readonly HashSet<ulong> labelled = [];
    private readonly ForgottenKeys forgotten;

    /// <param name="capacity">Predictions that are remembered.</param>
    /// <param name="classes">Scores of each.</param>
    public PredictionMemory(int capacity, int classes)
    {
        ring = new PredictionRing(capacity, classes);
        forgotten = new ForgottenKeys(capacity);
    }

    public void Add(Prediction prediction, ReadOnlySpan<float> scores)
    {
        if (ring.Added >= ring.Capacity)
            Forget(ring.First);
        // A caller that gives one id twice means the later prediction.
        labelled.Remove(prediction.Key);
        numbers[prediction.Key] = ring.Added;
        scores.CopyTo(ring.Add(prediction));
    }

    /// <summary>Finds the prediction that a label is for.</summary>
    /// <param name="key">See <see cref="Identity"/>.</param>
    /// <param name="prediction">When joined.</param>
    /// <param name="scores">When joined: of the classes.</param>
    public Join Take(ulong key, out Prediction prediction, out ReadOnlySpan<float> scores)
    {
        prediction = default;
        scores = default;
        if (!numbers.TryGetValue(key, out var number))
            return forgotten.Has(key) ? Join.Late : Join.Unknown;
        if (!labelled.Add(key))
            return Join.Duplicate;
        prediction = ring[number];
        scores = ring.Scores(number);
        return Join.Joined;
    }

    private void Forget(long number)
    {
        var key = ring[number].Key;
        if (numbers.TryGetValue(key, out var latest) && latest == number)
        {
            numbers.Remove(key);
            labelled.Remove(key);
            forgotten.Add(key);
        }
    }
}
