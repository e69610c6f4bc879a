using Sluice.Monitoring.Drift;

namespace Sluice.Runtime.Monitoring;

/// <summary>What the runtime watches of its models.</summary>
internal sealed record MonitorSettings
{
    /// <summary>File with a <see cref="Contract.ProfileDocument"/>; null learns the baseline.</summary>
    public string? Baseline { get; init; }

    /// <summary>Without a baseline: how many rows are taken for one.</summary>
    public int RowsToLearn { get; init; }

    /// <summary>Rows that are compared with the baseline together, at least.</summary>
    public int WindowRows { get; init; } = 1000;

    /// <summary>A window with fewer rows is closed after this time, if it has enough for a verdict.</summary>
    public TimeSpan WindowTime { get; init; } = TimeSpan.FromHours(1);

    public DriftSettings Drift { get; init; } = new();

    /// <summary>How often what the threads recorded is collected.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);
}
