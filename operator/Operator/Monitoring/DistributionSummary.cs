namespace Sluice.Operator.Monitoring;

/// <summary>How one feature or prediction was distributed, in short.</summary>
internal sealed record DistributionSummary
{
    /// <summary>Rows with a value.</summary>
    public required long Count { get; init; }

    /// <summary>Rows without a value, of all.</summary>
    public required double MissingShare { get; init; }

    /// <summary>Rows with values that the baseline does not know: beyond its edges, or other categories.</summary>
    public required double UnexpectedShare { get; init; }

    /// <summary>Of numbers.</summary>
    public double? Mean { get; init; }

    /// <summary>Standard deviation of numbers.</summary>
    public double? Deviation { get; init; }

    /// <summary>Of numbers.</summary>
    public double? Min { get; init; }

    /// <summary>Of numbers.</summary>
    public double? Max { get; init; }

    /// <summary>The most frequent categories, at most five, each cut at 64 characters.</summary>
    public IReadOnlyList<CategoryShare>? Top { get; init; }
}

/// <summary>How frequent a category was.</summary>
internal sealed record CategoryShare
{
    /// <summary>The category.</summary>
    public required string Value { get; init; }

    /// <summary>Of the rows with a value, from 0 to 1.</summary>
    public required double Share { get; init; }
}
