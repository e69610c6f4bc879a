namespace Sluice.Contract;

/// <summary>
/// How the features and predictions of a model were distributed over some rows: a model's baseline, and what a pod saw
/// in a window.
/// </summary>
public sealed record ProfileDocument
{
    /// <summary>The schema that this describes.</summary>
    public const int Current = 1;

    public required int Schema { get; init; }

    public required long Rows { get; init; }

    public required IReadOnlyList<FeatureDocument> Features { get; init; }

    public IReadOnlyList<FeatureDocument>? Predictions { get; init; }
}

/// <summary>One feature: numbers in cells between edges, or categories by name.</summary>
public sealed record FeatureDocument
{
    public const string Number = "number";
    public const string Category = "category";

    public required string Name { get; init; }

    /// <summary><see cref="Number"/> or <see cref="Category"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Rows with a value.</summary>
    public long? Count { get; init; }

    /// <summary>Rows without one.</summary>
    public long? Missing { get; init; }

    /// <summary>Of the finite numbers, as are the next three.</summary>
    public double? Mean { get; init; }

    /// <summary>Mean of the squared distances from the mean.</summary>
    public double? Variance { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    /// <summary>Ascending. A cell holds its lower edge, the last one its upper edge as well.</summary>
    public IReadOnlyList<double>? Edges { get; init; }

    /// <summary>One more than edges: below the first, in each cell, above the last.</summary>
    public IReadOnlyList<long>? Counts { get; init; }

    /// <summary>Categories that are expected.</summary>
    public IReadOnlyList<CategoryDocument>? Values { get; init; }

    /// <summary>Categories beside those, as far as they were told apart; no baseline has them.</summary>
    public IReadOnlyList<CategoryDocument>? Novel { get; init; }

    /// <summary>Rows of any other category.</summary>
    public long? Other { get; init; }
}

public sealed record CategoryDocument
{
    public required string Value { get; init; }

    public required long Count { get; init; }
}
