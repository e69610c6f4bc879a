namespace Sluice.Conformance.World;

enum Result
{
    /// <summary>The recorded values came back.</summary>
    Passed,

    /// <summary>The protocol has no form for a type of the model, and the server said so and what to do.</summary>
    RefusedByRule,

    /// <summary>Right types and shapes; ONNX Runtime's values are known to differ from the recorded (<see cref="Corpus.Deviations"/>).</summary>
    KnownToDiffer,

    Failed,
}

/// <param name="Detail">What the server said, or how it differs.</param>
sealed record Outcome(string Name, Result Result, string Detail);
