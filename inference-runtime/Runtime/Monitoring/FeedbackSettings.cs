namespace Sluice.Runtime.Monitoring;

/// <summary>How labels are joined to predictions.</summary>
/// <param name="Window">Predictions that are remembered.</param>
/// <param name="Rolling">Latest rows with a label that quality is measured on.</param>
internal sealed record FeedbackSettings(int Window, int Rolling = 1000);
