using System.Diagnostics;

namespace Sluice.Kubernetes.Diagnostics;

/// <summary>Spans of the activity source <see cref="Name"/>; exporting them is the program's affair.</summary>
public static class Traces
{
    public const string Name = "Sluice.Kubernetes";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>One pass; requests to the API server go under it. Null, and free, while nobody listens.</summary>
    internal static Activity? Pass(string controller, object key) => !Source.HasListeners() ? null
        : Source.StartActivity($"reconcile {controller}")?.SetTag("sluice.controller", controller).SetTag("sluice.key", key.ToString());

    internal static void Ended(Activity? pass, string outcome, Exception? error)
    {
        pass?.SetTag("sluice.outcome", outcome);
        if (error is not null)
            pass?.SetStatus(ActivityStatusCode.Error, error.Message);
    }
}
