using System.Collections.Immutable;

namespace Sluice.Monitoring.Profiles;

/// <summary>What a model was asked and what it answered, over some rows.</summary>
/// <param name="Rows">Rows that were recorded.</param>
/// <param name="Features">One for each column of each input.</param>
/// <param name="Predictions">One for each column of each output.</param>
public sealed record Profile(long Rows, ImmutableArray<FeatureProfile> Features, ImmutableArray<FeatureProfile> Predictions)
{
    /// <summary>The profile of both sets of rows together, such as those that two pods answered.</summary>
    /// <exception cref="ArgumentException">They were not recorded for the same model and baseline.</exception>
    public Profile Merge(Profile other)
    {
        if (other.Features.Length != Features.Length || other.Predictions.Length != Predictions.Length)
            throw new ArgumentException("The profiles are of different models.", nameof(other));
        return new Profile(Rows + other.Rows, Merge(Features, other.Features), Merge(Predictions, other.Predictions));
    }

    private static ImmutableArray<FeatureProfile> Merge(
        ImmutableArray<FeatureProfile> left, ImmutableArray<FeatureProfile> right) =>
        [.. left.Zip(right, static (a, b) => a.Merge(b))];
}
