namespace Sluice.Runtime.Batching;

/// <summary>How requests may be joined into one run of the model.</summary>
/// <param name="MaxRows">Of one run; 2 or more.</param>
/// <param name="MaxLatency">What a run may take longer for the rows that others bring.</param>
internal sealed record BatchSettings(int MaxRows, TimeSpan MaxLatency);
