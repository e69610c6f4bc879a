using System.Collections.Immutable;
using Sluice.Contract;

namespace Sluice.Monitoring.Profiles;

/// <summary>Profiles as they are written down.</summary>
public static class ProfileDocuments
{
    public static ProfileDocument ToDocument(this Profile profile) => new()
    {
        Schema = ProfileDocument.Current,
        Rows = profile.Rows,
        Features = [.. profile.Features.Select(ToDocument)],
        Predictions = [.. profile.Predictions.Select(ToDocument)],
    };

    /// <exception cref="FormatException">It makes no sense; the message names the feature and what is wrong with it.</exception>
    public static Profile ToProfile(this ProfileDocument document)
    {
        if (document.Schema != ProfileDocument.Current)
            throw new FormatException($"schema is {document.Schema}; this program reads {ProfileDocument.Current}.");
        return new Profile(
            document.Rows, [.. document.Features.Select(ToProfile)], [.. (document.Predictions ?? []).Select(ToProfile)]);
    }

    private static FeatureDocument ToDocument(FeatureProfile feature) => feature switch
    {
        NumberProfile numbers => new FeatureDocument
        {
            Name = numbers.Name,
            Kind = FeatureDocument.Number,
            Count = numbers.Count,
            Missing = numbers.Missing,
            Mean = numbers.Moments.Count > 0 ? numbers.Moments.Mean : null,
            Variance = numbers.Moments.Count > 0 ? numbers.Moments.Variance : null,
            Min = numbers.Moments.Count > 0 ? numbers.Min : null,
            Max = numbers.Moments.Count > 0 ? numbers.Max : null,
            Edges = numbers.Edges,
            Counts = numbers.Counts,
        },
        CategoryProfile categories => new FeatureDocument
        {
            Name = categories.Name,
            Kind = FeatureDocument.Category,
            Count = categories.Count,
            Missing = categories.Missing,
            Values = [.. categories.Expected.Select(static c => new CategoryDocument { Value = c.Value, Count = c.Count })],
            Novel = [.. categories.Novel.Select(static c => new CategoryDocument { Value = c.Key, Count = c.Value })],
            Other = categories.Cut,
        },
        _ => throw new ArgumentException("There are numbers and categories.", nameof(feature)),
    };

    private static FeatureProfile ToProfile(FeatureDocument feature) => feature.Kind switch
    {
        FeatureDocument.Number => Numbers(feature),
        FeatureDocument.Category => Categories(feature),
        _ => throw Wrong(feature, $"kind is \"{feature.Kind}\", which is neither {FeatureDocument.Number} nor {FeatureDocument.Category}"),
    };

    private static NumberProfile Numbers(FeatureDocument feature)
    {
        ImmutableArray<double> edges = [.. feature.Edges ?? []];
        ImmutableArray<long> counts = [.. feature.Counts ?? []];
        if (counts.Length != edges.Length + 1)
            throw Wrong(feature, $"{edges.Length} edges need {edges.Length + 1} counts (below, in each cell, above), and there are {counts.Length}");
        if (edges.Any(static e => !double.IsFinite(e)) || edges.Zip(edges.Skip(1)).Any(static e => e.First > e.Second))
            throw Wrong(feature, "its edges are not ascending");
        if (counts.Any(static c => c < 0) || feature.Missing < 0)
            throw Wrong(feature, "a count is negative");
        // All numbers alike make one edge, which has a cell of no width around it.
        if (edges.Length == 1 && feature.Min == edges[0] && feature.Max == edges[0])
            (edges, counts) = ([edges[0], edges[0]], [0, counts.Sum(), 0]);
        var near = feature.Mean is null ? 0 : counts.Sum();
        return new NumberProfile(
            feature.Name,
            feature.Missing ?? 0,
            new Moments(near, feature.Mean ?? 0, (feature.Variance ?? 0) * near),
            feature.Min ?? double.PositiveInfinity,
            feature.Max ?? double.NegativeInfinity,
            edges,
            counts);
    }

    private static CategoryProfile Categories(FeatureDocument feature)
    {
        IReadOnlyList<CategoryDocument> values = feature.Values ?? [], novel = feature.Novel ?? [];
        if (values.Concat(novel).GroupBy(static v => v.Value).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            throw Wrong(feature, $"the category \"{twice.Key}\" is there twice");
        if (values.Concat(novel).Any(static v => v.Count < 0) || feature.Other < 0 || feature.Missing < 0)
            throw Wrong(feature, "a count is negative");
        return new CategoryProfile(
            feature.Name,
            feature.Missing ?? 0,
            [.. values.Select(static v => new CategoryCount(v.Value, v.Count))],
            novel.ToImmutableSortedDictionary(static v => v.Value, static v => v.Count, StringComparer.Ordinal),
            feature.Other ?? 0);
    }

    private static FormatException Wrong(FeatureDocument feature, string what) => new($"feature \"{feature.Name}\": {what}.");
}
