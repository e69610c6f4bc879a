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
        var names = CategoryProfile.NamesOf(Features.Concat(Predictions).Count(static f => f is CategoryProfile));
        return new Profile(Rows + other.Rows, Merge(Features, other.Features, names), Merge(Predictions, other.Predictions, names));
    }

    private static ImmutableArray<FeatureProfile> Merge(
        ImmutableArray<FeatureProfile> left, ImmutableArray<FeatureProfile> right, int names) =>
        [.. left.Zip(right, (a, b) => a.Merge(b, names))];
}
