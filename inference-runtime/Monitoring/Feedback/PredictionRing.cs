namespace Sluice.Monitoring.Feedback;

/// <summary>What a model answered for one row.</summary>
/// <param name="Key">See <see cref="Identity"/>.</param>
/// <param name="Label">The class: a number, or the <see cref="Identity"/> of a text; null when the model answers none.</param>
/// <param name="Value">The number; NaN when the model answers none.</param>
public readonly record struct Prediction(ulong Key, long? Label, double Value);

/// <summary>The latest predictions, with the scores of their classes, in memory taken once. One thread at a time.</summary>
public sealed class PredictionRing
{
    private readonly Prediction[] predictions;
    private readonly float[] scores;

    /// <param name="capacity">Predictions that are kept.</param>
    /// <param name="classes">Scores of each; 0 keeps none.</param>
    public PredictionRing(int capacity, int classes)
    {
        predictions = new Prediction[capacity];
        scores = new float[capacity * classes];
        Classes = classes;
    }

    public int Capacity => predictions.Length;

    public int Classes { get; }

    /// <summary>Predictions that were ever added; the last <see cref="Capacity"/> of them are there.</summary>
    public long Added { get; private set; }

    /// <summary>The oldest that is there.</summary>
    public long First => Math.Max(0, Added - Capacity);

    public Prediction this[long number] => predictions[number % Capacity];

    public Span<float> Scores(long number) => scores.AsSpan((int)(number % Capacity) * Classes, Classes);

    /// <returns>The scores, to be filled in.</returns>
    public Span<float> Add(Prediction prediction)
    {
        predictions[Added % Capacity] = prediction;
        return Scores(Added++);
    }

    /// <summary>Moves all there is to another ring of as many classes.</summary>
    public void MoveTo(PredictionMemory memory)
    {
        for (var number = First; number < Added; number++)
            memory.Add(this[number], Scores(number));
        Added = 0;
    }
}
