using Sluice.Contract;

namespace Sluice.Monitoring.Drift;

/// <summary>Reports as they are written down.</summary>
public static class DriftDocuments
{
    public static DriftDocument ToDocument(this DriftReport report) => new()
    {
        Drifted = report.IsDrifted,
        DataSetDrifted = report.IsDataSetDrifted,
        DriftedShare = report.DriftedShare,
        Features = [.. report.Features.Select(ToDocument)],
        Predictions = [.. report.Predictions.Select(ToDocument)],
    };

    private static ScoreDocument ToDocument(DriftScore score) => new()
    {
        Feature = score.Feature,
        Method = score.Method.Name(),
        Score = score.Score,
        Threshold = score.Threshold,
    };
}
