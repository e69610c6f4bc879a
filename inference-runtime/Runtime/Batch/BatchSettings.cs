using Sluice.Monitoring.Profiles;

namespace Sluice.Runtime.Batch;

/// <summary>What <c>batch</c> is told, beside the table.</summary>
internal sealed record BatchSettings
{
    /// <summary>Gets what the model answers; its name says how: .csv or .jsonl.</summary>
    public required string Output { get; init; }

    /// <summary>Gets the rows that the model did not take, and why.</summary>
    public required string Rejects { get; init; }

    /// <summary>Gets how features and predictions were distributed.</summary>
    public required string Profile { get; init; }

    /// <summary>SHA-256 of the model.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the table.</summary>
    public required string Input { get; init; }

    /// <summary>Columns that are no features, for a resumed run to know whether it is the same.</summary>
    public IReadOnlyCollection<string> Ignored { get; init; } = [];

    /// <summary>Rows that are sent together; null as many as suits the model.</summary>
    public int? Together { get; init; }

    /// <summary>Rows after which what was done is made sure of.</summary>
    public int Checkpoint { get; init; } = 10_000;

    /// <summary>Gives the cells to count in; null takes them from the rows before the first checkpoint.</summary>
    public Profile? Baseline { get; init; }

    /// <summary>What features are expected to be, for a resumed run to know whether it is the same.</summary>
    public string Expected { get; init; } = string.Empty;

    public string Progress => Output + ".progress";
}
