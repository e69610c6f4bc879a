using System.Text.Json;
using Sluice.Contract;
using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;
using Sluice.Operator.Monitoring;

namespace Sluice.Operator.Tests.Monitoring;

/// <summary>Profiles of one feature, x, in cells from 0, 1 and so on, and what pods say of it.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static ProfileDocument Profile(params long[] cells) => new()
    {
        Schema = ProfileDocument.Current,
        Rows = cells.Sum(),
        Features =
        [
            new FeatureDocument
            {
                Name = "x", Kind = FeatureDocument.Number, Count = cells.Sum(), Missing = 0,
                Mean = cells.Select(static (n, i) => n * (i + 0.5)).Sum() / cells.Sum(), Variance = 1, Min = 0, Max = cells.Length,
                Edges = [.. Enumerable.Range(0, cells.Length + 1).Select(static e => (double)e)], Counts = [0, .. cells, 0],
            },
        ],
        Predictions = [],
    };

    public static Baseline Baseline(params long[] cells) => new(Profile(cells).ToProfile(), new DriftSettings());

    /// <param name="minutes">From noon to the window's end; it is a minute long.</param>
    public static PodMonitor Pod(string name, Baseline? baseline, double minutes, params long[] cells) => new(name, Document(minutes, cells), baseline);

    public static MonitorDocument Document(double minutes, params long[] cells) => new()
    {
        Model = "iris",
        Version = "iris-2",
        Revision = "iris-a",
        BaselineRows = 1000,
        Unwatched = [],
        Closed = new WindowDocument
        {
            Sequence = 1, Start = Noon.AddMinutes(minutes - 1), End = Noon.AddMinutes(minutes), Profile = Profile(cells),
        },
    };

    public static MonitorDocument Labelled(int rows, double accuracy) => new()
    {
        Model = "iris",
        Version = "iris-2",
        Revision = "iris-a",
        Unwatched = [],
        Feedback = new FeedbackDocument { Rows = rows, Accuracy = accuracy, Joined = rows, Given = 0, Unknown = 0, Late = 0, Duplicate = 0 },
    };

    public static string Text(MonitorDocument document) => JsonSerializer.Serialize(document, ContractJson.Default.MonitorDocument);

    public static string Text(ProfileDocument document) => JsonSerializer.Serialize(document, ContractJson.Default.ProfileDocument);
}
