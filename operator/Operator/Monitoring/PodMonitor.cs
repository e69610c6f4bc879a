using Sluice.Contract;

namespace Sluice.Operator.Monitoring;

/// <summary>What one pod watched, as it said last.</summary>
/// <param name="Pod">The pod's name.</param>
/// <param name="Document">What it said.</param>
/// <param name="Baseline">What its windows are compared with; null while it has none.</param>
internal sealed record PodMonitor(string Pod, MonitorDocument Document, Baseline? Baseline);
